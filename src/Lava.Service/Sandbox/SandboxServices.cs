using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Sandbox;

/// <summary>Registers the sandbox.</summary>
internal static class SandboxServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddSandbox(this IServiceCollection services)
    {
        services.AddSingleton<SandboxProvider>();
    }
}
