using Lava.Service.Api.Endpoints;
using Lava.Service.Pricing.Meters;
using Lava.Service.Pricing.Plans;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Pricing;

/// <summary>Registers meters and plans.</summary>
internal static class PricingServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddPricing(this IServiceCollection services)
    {
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanViews>();
        services.AddSingleton<MeterStore>();
        services.AddEndpoints<CreditBundleEndpoints>();
        services.AddEndpoints<MeterEndpoints>();
        services.AddEndpoints<PlanEndpoints>();
    }
}
