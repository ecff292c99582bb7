using System.ComponentModel.DataAnnotations;

namespace Lava.Local;

/// <summary>Settings of the local server, <c>Lava:Local</c> in the configuration.</summary>
public sealed class LocalSettings
{
    /// <summary>How long a server that is stopped waits for the calls in flight, seconds. Those that take longer are cut and charged nothing.</summary>
    [Range(0, 86_400)]
    public int DrainSeconds { get; set; } = 300;

    /// <summary>Most connections that are served at once; more are answered with 503. 0: as many as the process's limit of open files bears, where each
    /// connection has one to a provider.</summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; }
}
