using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Lava.Service.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Lava.Functions.Telemetry;

/// <summary>Sends the gateway's spans and measurements to Application Insights, signed in as the app. Logs and requests are not sent here: the Functions host
/// does that, and would do it twice (docs/decisions, "Telemetry beside the host's").</summary>
internal sealed class AzureMonitorExport(IConfiguration configuration, TokenCredential credential) : ITelemetryExporter
{
    /// <summary>Setting of Application Insights' address, which the host reads too.</summary>
    public const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    public void AddTo(TracerProviderBuilder traces) => traces.AddAzureMonitorTraceExporter(Configure);

    public void AddTo(MeterProviderBuilder metrics) => metrics.AddAzureMonitorMetricExporter(Configure);

    private void Configure(AzureMonitorExporterOptions options)
    {
        options.ConnectionString = configuration[Connection];
        options.Credential = credential;
    }
}
