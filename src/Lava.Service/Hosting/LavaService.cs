using Lava.Core.Catalogue;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Login;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.Idempotency;
using Lava.Service.Auditing;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Billing.Wallets;
using Lava.Service.Catalogue;
using Lava.Service.Credentials;
using Lava.Service.Customers;
using Lava.Service.Customers.Checkout;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Routing;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Disputes;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.OpenApi;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Lava.Service.Queues;
using Lava.Service.Reporting.LedgerEntries;
using Lava.Service.Reporting.Requests;
using Lava.Service.Reporting.UsageReports;
using Lava.Service.Reporting.WhatIf;
using Lava.Service.Sandbox;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;
using Lava.Service.Telemetry;
using Lava.Service.TestHelpers;
using Lava.Service.Wallets;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting;

/// <summary>Puts the service together. A head registers the ports (<see cref="ITableStore"/>, <see cref="IMessageQueue"/>, <see cref="IVault"/>) and calls
/// these.</summary>
public static class LavaService
{
    /// <summary>Registers everything but the ports.</summary>
    public static IServiceCollection AddLava(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        // Some addresses hold a secret (a checkout's page), so what logs addresses is silent, whatever the operator has set.
        services.AddLogging(static logging => logging.AddFilter(
            "Microsoft.AspNetCore.Hosting.Diagnostics",
            LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning));
        services.AddRouting();
        services.AddApiDocument();
        services.AddTelemetry(configuration);
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<MeteringTelemetry>();
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Lava:Gateway")).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton(_ => CatalogueLoader.Load(configuration["Lava:Catalogue:Overrides"], AzureResources.Read(configuration)));
        services.AddSingleton(provider => new AzurePools(
            AzureResources.Read(configuration),
            provider.GetService<IAzureTokens>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new UpstreamMap(configuration, provider.GetRequiredService<ProviderCatalogue>()));
        services.AddSingleton<SandboxProvider>();

        services.AddSingleton<GuessBrake>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<SecretKeyStore>();
        services.AddSingleton<MerchantStore>();
        services.AddSingleton<MerchantCreation>();
        services.AddSingleton<FirstMerchant>();
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanViews>();
        services.AddSingleton<CustomerStore>();
        services.AddSingleton<CustomerViews>();
        services.AddSingleton<MeterStore>();
        services.AddSingleton<SpendKeyStore>();
        services.AddSingleton<SpendKeyGate>();
        services.AddSingleton<FallbackStore>();
        services.AddSingleton<ManagementApi>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<ExpiryIndex>();
        services.AddOptions<RetentionOptions>().Bind(configuration.GetSection("Lava:Retention")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Retention>();
        services.AddSingleton<CleanUp>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<IdempotencyStore>());
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<LoginCodes>());
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<CheckoutStore>());
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<AnswerStore>());
        services.AddSingleton<StoreGate>();
        services.AddSingleton<DeadLetterCount>();
        services.AddSingleton<HeldMessages>();
        services.AddSingleton<SessionBatchProcessor>();
        services.AddSingleton<AdminGate>();
        services.AddSingleton<AdminLog>();
        services.AddSingleton<DisputeStore>();
        services.AddSingleton<DeadLetters>();

        services.AddSingleton<Instance>();
        services.AddSingleton<BookStore>();
        services.AddSingleton<ILeaseFences, UsageQueueFences>();
        services.AddSingleton<Budgets>();
        services.AddSingleton<Funds>();
        services.AddSingleton<Audit>();

        services.AddSingleton<PageSecrets>();
        services.AddSingleton<SimulatedProcessor>();
        services.AddSingleton<ProcessorByMode>();
        services.TryAddSingleton<IPaymentProcessor>(provider => provider.GetRequiredService<ProcessorByMode>());
        services.AddSingleton<PaymentEvents>();
        services.AddSingleton<WalletFunding>();
        services.AddSingleton<AutoReloadStore>();
        services.AddSingleton<WalletKeeper>();
        services.AddSingleton<SpendKeyAlerts>();
        services.AddSingleton<IPaymentListener>(provider => provider.GetRequiredService<WalletFunding>());
        services.AddSingleton<IPaymentListener, CustomerPayments>();
        services.AddSingleton<CheckoutStore>();
        services.AddSingleton<CheckoutCustomers>();
        services.AddSingleton<CheckoutFlow>();
        services.AddSingleton<LoginCodes>();
        services.AddSingleton<TestClockStore>();
        services.AddSingleton<ClockTime>();
        services.AddSingleton<BillingBooks>();
        services.AddSingleton<SubscriptionIndex>();
        services.AddSingleton<DueIndex>();
        services.AddSingleton<PlanLookup>();
        services.AddSingleton<PaymentFlow>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<BalanceEvents>();
        services.AddSingleton<IBillingEvents, CustomerEvents>();
        services.AddSingleton<IFirstSubscriptions, CustomerFirstSubscriptions>();
        services.AddSingleton<SubscriptionViews>();
        services.AddSingleton<SubscriptionList>();
        services.AddSingleton<CustomerBilling>();
        services.AddOptions<BillingOptions>().Bind(configuration.GetSection("Lava:Billing")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection("Lava:Webhooks"));
        services.AddOptions<MailOptions>().Bind(configuration.GetSection("Lava:Mail")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AlertMailStore>();
        services.AddSingleton<Mailer>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<WebhookEvents>();
        services.AddSingleton<DeliveryHandler>();
        services.AddSingleton<Biller>();
        services.AddSingleton<DueWork>();
        services.AddSingleton<ClockAdvance>();
        services.AddSingleton<SubscriptionService>();
        services.AddSingleton<BillingTriggers>();
        services.AddSingleton<CardTriggers>();
        services.AddSingleton<BillingMessageHandler>();

        services.AddSingleton<RequestIndex>();
        services.AddSingleton<PendingCalls>();
        services.AddSingleton<Meterer>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<Settling>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<Settling>());
        services.AddSingleton<UsageMessageHandler>();
        services.AddSingleton<Sweep>();
        services.AddSingleton<RequestStore>();
        services.AddSingleton<LedgerList>();
        services.AddSingleton<MeterSimulation>();
        services.AddSingleton<ReportedUsage>();
        services.AddSingleton<UsageReport>();

        services.AddSingleton<ManagedKeys>();
        services.AddSingleton<StoredKeyStore>();
        services.AddSingleton<StoredKeyRings>();
        services.AddSingleton<CallKeys>();
        services.AddSingleton<BodyRoom>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<CallIntake>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<CallBudget>();
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<CallReservations>();
        services.AddSingleton<CallSettlement>();
        services.AddSingleton<UpstreamCircuits>();
        services.AddSingleton<UpstreamAttempts>();
        services.AddSingleton<ModelsHandler>();
        services.AddSingleton<ChatTargets>();
        services.AddSingleton<FallbackLookup>();
        services.AddSingleton<ModelRoutes>();
        services.AddSingleton<CallsInFlight>();
        services.AddSingleton<CallRunner>();
        services.AddHostedService<GatewayUpkeep>();
        return services;
    }

    /// <summary>Puts the pipeline together: the envelope around everything, routing, the endpoints.</summary>
    public static IApplicationBuilder UseLava(this IApplicationBuilder app)
    {
        app.UseMiddleware<SafeHeaders>();
        app.UseMiddleware<ErrorShield>();
        app.UseRouting();
        app.UseEndpoints(MapLava);
        return app;
    }

    /// <summary>Maps every endpoint.</summary>
    public static void MapLava(this IEndpointRouteBuilder app)
    {
        var routes = app.MapGroup("");
        DocumentedRoutes.Document(routes);
        routes.MapApiDocument();
        routes.MapHealth();
        routes.MapForward();
        routes.MapRouting();
        routes.MapAdmin();
        routes.MapWallet();
        routes.MapPayments();
        routes.MapAutoReload();
        routes.MapCardSetups();
        routes.MapAuthenticationPage();
        routes.MapCardPage();
        routes.MapPaymentReturnPage();
        routes.MapPaymentNotifications();
        routes.MapSecretKeys();
        routes.MapPlans();
        routes.MapCreditBundles();
        routes.MapMeters();
        routes.MapSimulation();
        routes.MapCustomers();
        routes.MapSubscriptions();
        routes.MapTestClocks();
        routes.MapCheckoutHelpers();
        routes.MapCheckoutSessions();
        routes.MapCheckoutPage();
        routes.MapLogin();
        routes.MapAdjustments();
        routes.MapWebhooks();
        routes.MapAlertMail();
        routes.MapSpendKeys();
        routes.MapStoredKeys();
        routes.MapFallbacks();
        routes.MapLedger();
        routes.MapRequests();
        routes.MapUsage();
        routes.MapCatalogue();
    }
}
