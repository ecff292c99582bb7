using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lava.Service.Telemetry;

/// <summary>Sends to any collector that speaks OTLP. All of it is set as OpenTelemetry documents it: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>…_PROTOCOL</c>,
/// <c>…_HEADERS</c>.</summary>
internal sealed class OtlpExport : ITelemetryExporter
{
    /// <summary>The collector's address. Without it nothing is sent, nor collected.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public void AddTo(TracerProviderBuilder traces) => traces.AddOtlpExporter();

    public void AddTo(MeterProviderBuilder metrics) => metrics.AddOtlpExporter();
}
