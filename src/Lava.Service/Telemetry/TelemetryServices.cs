using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Telemetry;

/// <summary>Registers telemetry: what the gateway tells, and where it goes.</summary>
public static class TelemetryServices
{
    /// <summary>Registers it. Traces and metrics go over OTLP where a collector is configured; a head may add further places.</summary>
    public static IServiceCollection AddGatewayTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<GatewayTelemetry>();
        if (configuration[OtlpExport.Endpoint] is { Length: > 0 }) services.AddSingleton<ITelemetryExporter, OtlpExport>();
        services.AddHostedService<TelemetryExport>();
        return services;
    }
}
