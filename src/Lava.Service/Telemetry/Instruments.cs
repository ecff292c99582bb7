using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Lava.Service.Telemetry;

/// <summary>The source of Lava's spans and the meter of its measurements. One pair for each service, so that a test hears its own alone.</summary>
public sealed class Instruments : IDisposable
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Lava.Gateway";

    internal ActivitySource Source { get; } = new(Name);

    internal Meter Meter { get; } = new(Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        Source.Dispose();
        Meter.Dispose();
    }
}
