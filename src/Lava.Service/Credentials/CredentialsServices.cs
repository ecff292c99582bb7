using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Credentials;

/// <summary>Registers credentials.</summary>
internal static class CredentialsServices
{
    /// <summary>Registers the room's services.</summary>
    public static void AddCredentials(this IServiceCollection services)
    {
        services.AddSingleton<GuessBrake>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<Suspensions>();
    }
}
