using Lava.Service.Api.AuditLogs;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Idempotency;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Api;

/// <summary>Registers what management endpoints share.</summary>
internal static class ApiServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<DirectCalls>();
        services.AddSingleton<ManagementApi>();
        services.AddOptions<AuditLogOptions>().Bind(configuration.GetSection("Lava:Retention")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<AuditLog>());
        services.AddEndpoints<AuditLogEndpoints>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<IdempotencyStore>());
    }
}
