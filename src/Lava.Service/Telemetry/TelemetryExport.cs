using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Lava.Service.Telemetry;

/// <summary>Collects what the gateway tells and sends it to the registered exporters, while the host runs. Without any it does nothing, and OpenTelemetry is
/// not even loaded.</summary>
public sealed class TelemetryExport(IEnumerable<ITelemetryExporter> exporters, IConfiguration configuration) : IHostedService, IDisposable
{
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ITelemetryExporter[] all = [.. exporters];
        if (all.Length > 0) Begin(all);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left, after the last call: a container disposes in the opposite order of making.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void Begin(ITelemetryExporter[] all)
    {
        // OpenTelemetry's own settings are read from where the app's are.
        var traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddSource(Instruments.Name);
        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .ConfigureResource(Describe)
            .AddMeter(Instruments.Name);
        foreach (var exporter in all)
        {
            exporter.AddTo(traces);
            exporter.AddTo(metrics);
        }

        _traces = traces.Build();
        _metrics = metrics.Build();
    }

    // The operator's own name for it, in OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES, comes last and wins.
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("lava", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector();
}
