using Lava.Service.Api.Endpoints;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lava.Service.Payments;

/// <summary>Registers payments.</summary>
internal static class PaymentsServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddPayments(this IServiceCollection services)
    {
        services.AddSingleton<PageSecrets>();
        services.AddSingleton<SimulatedProcessor>();
        services.AddSingleton<ProcessorByMode>();
        services.TryAddSingleton<IPaymentProcessor>(provider => provider.GetRequiredService<ProcessorByMode>());
        services.AddSingleton<PaymentEvents>();
        services.AddEndpoints<AuthenticationPage>();
        services.AddEndpoints<PaymentNotificationEndpoint>();
        services.AddEndpoints<PaymentReturnPage>();
    }
}
