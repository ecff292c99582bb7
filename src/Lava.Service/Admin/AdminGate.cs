using System.Security.Cryptography;
using System.Text;
using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Admin;

/// <summary>Lets the operator in: who sends the admin secret of the vault (<c>lava-admin-secret</c>) or of the configuration (<c>Lava:AdminSecret</c>). A
/// server without one lets nobody in.</summary>
internal sealed partial class AdminGate(IVault vault, IConfiguration configuration, RateLimiter limiter, TimeProvider time, ILogger<AdminGate> logger)
{
    /// <summary>The secret's name in the vault.</summary>
    public const string SecretName = "lava-admin-secret";

    /// <summary>Fewest characters of a secret that lets anybody in: less could be guessed.</summary>
    private const int MinSecret = 32;

    /// <summary>Calls in a minute on an instance, right ones and wrong ones apart, so that who guesses does not lock the operator out.</summary>
    private const int Limit = 30;

    /// <summary>The refusal; null where the caller is the operator.</summary>
    public ValueTask<ApiError?> RefuseAsync(HttpContext http) => RefuseAsync(http, ManagementApi.Bearer(http.Request));

    /// <summary>The refusal of a secret; null where it is the operator's.</summary>
    /// <param name="http">The request that has it.</param>
    /// <param name="given">The secret.</param>
    public async ValueTask<ApiError?> RefuseAsync(HttpContext http, string? given)
    {
        var secret = await FindAsync(http.RequestAborted);
        var isRight = secret is not null
            && given is not null
            && CryptographicOperations.FixedTimeEquals(Hash(secret), Hash(given));
        var (remaining, reset) = limiter.Count(isRight ? "admin" : "admin-refused", Limit);
        if (remaining < 0) return ApiError.RateLimited((int)Math.Max(1, reset - time.GetUtcNow().ToUnixTimeSeconds()));
        if (isRight) return null;
        LogRefused(http.Connection.RemoteIpAddress?.ToString());
        return ApiError.AdminSecretInvalid();
    }

    /// <summary>Names the secret that holds at the moment, without telling it: a session that it has opened ends when there is another. Null without
    /// one.</summary>
    public async ValueTask<string?> NameAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) is { } secret ? Convert.ToHexStringLower(Hash("session|" + secret)) : null;

    private async ValueTask<string?> FindAsync(CancellationToken cancellationToken)
    {
        var secret = configuration["Lava:AdminSecret"];
        if (string.IsNullOrEmpty(secret)) secret = await vault.GetAsync(SecretName, cancellationToken);
        return secret?.Length >= MinSecret ? secret : null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to the admin API from {Address} had no valid secret.")]
    private partial void LogRefused(string? address);
}
