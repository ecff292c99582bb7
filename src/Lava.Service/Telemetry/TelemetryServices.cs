using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Telemetry;

/// <summary>Registers telemetry: what the gateway tells, and where it goes.</summary>
internal static class TelemetryServices
{
    /// <summary>Registers it. Traces and metrics go over OTLP where a collector is configured; a head may add further places.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Instruments>();
        if (configuration[OtlpExport.Endpoint] is { Length: > 0 }) services.AddSingleton<ITelemetryExporter, OtlpExport>();
        services.AddHostedService<TelemetryExport>();
        return services;
    }
}
