using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Queues;

/// <summary>Registers the delivery of messages.</summary>
internal static class QueuesServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddQueues(this IServiceCollection services)
    {
        services.AddSingleton<HeldMessages>();
        services.AddSingleton<SessionBatchProcessor>();
    }
}
