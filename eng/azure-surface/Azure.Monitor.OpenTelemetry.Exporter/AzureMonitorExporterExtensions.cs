using Azure.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Azure.Monitor.OpenTelemetry.Exporter;

public static class AzureMonitorExporterExtensions
{
    public static MeterProviderBuilder AddAzureMonitorMetricExporter(
        this MeterProviderBuilder builder, Action<AzureMonitorExporterOptions>? configure = null, TokenCredential? credential = null, string? name = null) => Take(builder, configure);

    public static TracerProviderBuilder AddAzureMonitorTraceExporter(
        this TracerProviderBuilder builder, Action<AzureMonitorExporterOptions>? configure = null, TokenCredential? credential = null, string? name = null) => Take(builder, configure);

    // The package refuses options without a connection string, too.
    private static TBuilder Take<TBuilder>(TBuilder builder, Action<AzureMonitorExporterOptions>? configure)
    {
        var options = new AzureMonitorExporterOptions();
        configure?.Invoke(options);
        return string.IsNullOrEmpty(options.ConnectionString) ? throw new InvalidOperationException("A connection string was not found.") : builder;
    }
}
