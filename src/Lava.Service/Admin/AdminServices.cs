using Lava.Service.Admin.Merchants;
using Lava.Service.Api.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Admin;

/// <summary>Registers the operator's API.</summary>
internal static class AdminServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddSingleton<MerchantCreation>();
        services.AddSingleton<FirstMerchant>();
        services.AddSingleton<DeadLetterCount>();
        services.AddSingleton<AdminGate>();
        services.AddSingleton<AdminLog>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<AdminApi>();
        services.AddSingleton<MerchantCare>();
        services.AddEndpoints<AdminEndpoints>();
        services.AddEndpoints<MerchantEndpoints>();
    }
}
