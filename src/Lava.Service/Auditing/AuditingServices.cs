using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Auditing;

/// <summary>Registers the audit.</summary>
internal static class AuditingServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddAuditing(this IServiceCollection services)
    {
        services.AddSingleton<Audit>();
        services.AddSingleton<AuditResults>();
    }
}
