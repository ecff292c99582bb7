using Lava.Service.Api.Idempotency;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Api;

/// <summary>Registers what management endpoints share.</summary>
internal static class ApiServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<DirectCalls>();
        services.AddSingleton<ManagementApi>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<IdempotencyStore>());
    }
}
