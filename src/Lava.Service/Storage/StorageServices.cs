using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Storage;

/// <summary>Registers storage.</summary>
internal static class StorageServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<ExpiryIndex>();
        services.AddSingleton<StoreGate>();
    }
}
