using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lava.Service.Telemetry;

/// <summary>A place where traces and metrics go; those that are registered are used (<see cref="TelemetryExport"/>).</summary>
public interface ITelemetryExporter
{
    /// <summary>Sends spans there.</summary>
    void AddTo(TracerProviderBuilder traces);

    /// <summary>Sends measurements there.</summary>
    void AddTo(MeterProviderBuilder metrics);
}
