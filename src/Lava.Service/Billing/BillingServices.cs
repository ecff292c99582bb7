using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Billing.Wallets;
using Lava.Service.Payments;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Billing;

/// <summary>Registers billing.</summary>
internal static class BillingServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddBilling(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<WalletFunding>();
        services.AddSingleton<WalletCorrections>();
        services.AddSingleton<AutoReloadStore>();
        services.AddSingleton<WalletKeeper>();
        services.AddSingleton<SpendKeyAlerts>();
        services.AddSingleton<IPaymentListener>(provider => provider.GetRequiredService<WalletFunding>());
        services.AddSingleton<IPaymentListener, CustomerPayments>();
        services.AddSingleton<TestClockStore>();
        services.AddSingleton<ClockTime>();
        services.AddSingleton<BillingBooks>();
        services.AddSingleton<SubscriptionIndex>();
        services.AddSingleton<DueIndex>();
        services.AddSingleton<PlanLookup>();
        services.AddSingleton<PaymentFlow>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<BalanceEvents>();
        services.AddSingleton<SubscriptionViews>();
        services.AddSingleton<Biller>();
        services.AddSingleton<DueWork>();
        services.AddSingleton<ClockAdvance>();
        services.AddSingleton<SubscriptionService>();
        services.AddSingleton<BillingTriggers>();
        services.AddSingleton<CardTriggers>();
        services.AddSingleton<BillingMessageHandler>();
        services.AddOptions<BillingOptions>().Bind(configuration.GetSection("Lava:Billing")).ValidateDataAnnotations().ValidateOnStart();
    }
}
