using Lava.Service.Ledger.Leases;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Disputes;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Metering;

/// <summary>Registers metering.</summary>
internal static class MeteringServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddMetering(this IServiceCollection services)
    {
        services.AddSingleton<MeteringTelemetry>();
        services.AddSingleton<DisputeStore>();
        services.AddSingleton<ILeaseFences, UsageQueueFences>();
        services.AddSingleton<RequestIndex>();
        services.AddSingleton<PendingCalls>();
        services.AddSingleton<Meterer>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<Settling>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<Settling>());
        services.AddSingleton<UsageMessageHandler>();
        services.AddSingleton<Sweep>();
    }
}
