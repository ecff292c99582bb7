using System.Reflection;
using Lava.Core.Catalogue;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Ports.Queues;
using Lava.Service.Storage;

namespace Lava.Service.Hosting.SystemState;

/// <summary>Gathers how the system is, for the operator's API and pages. Each part costs a few reads, however much is stored.</summary>
internal sealed class SystemReport(
    StoreGate gate,
    IMessageQueue queue,
    JobLog jobs,
    AuditResults audits,
    StoreSizes sizes,
    ProviderCatalogue catalogue,
    ManagedKeys keys,
    UpstreamCircuits circuits,
    TimeProvider time)
{
    private static readonly string Version = Shortened(
        typeof(SystemReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    /// <summary>How the system is now.</summary>
    public async ValueTask<SystemResponse> FindAsync(CancellationToken cancellationToken)
    {
        var store = await gate.FindAsync(cancellationToken);
        var queues = new List<QueueState>();
        foreach (var name in QueueNames.All)
        {
            var depth = await queue.MeasureAsync(name, cancellationToken);
            var age = depth.OldestAt is { } oldest ? Math.Max(0, Math.Round((time.GetUtcNow() - oldest).TotalSeconds, 1)) : (double?)null;
            queues.Add(new QueueState(name, depth.Waiting, age, depth.Dead));
        }

        return new SystemResponse(
            Version,
            store == StoreState.Ready ? "ready" : store == StoreState.Failed ? "failed" : "unavailable",
            queues,
            await jobs.ListAsync(cancellationToken),
            await audits.FindAsync(cancellationToken),
            await sizes.ListAsync(cancellationToken),
            await ProvidersAsync(cancellationToken));
    }

    // The number, and as much of the commit as tells it from others: 0.1.0+1a2b3c4d.
    private static string Shortened(string version) =>
        version.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && version.Length > plus + 9 ? version[..(plus + 9)] : version;

    private async ValueTask<List<ProviderHealth>> ProvidersAsync(CancellationToken cancellationToken)
    {
        var shown = new List<ProviderHealth>();
        foreach (var provider in catalogue.Providers)
        {
            var hasKey = await keys.FindAsync(provider, cancellationToken) is not null;
            var isPaused = provider.Hosts.Append(new Uri(provider.BaseUrl).Host).Any(circuits.IsOpen);
            if (hasKey || isPaused) shown.Add(new ProviderHealth(provider.Id, provider.Label, hasKey, isPaused ? "paused" : "ready"));
        }

        return shown;
    }
}
