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
    public async ValueTask<ApiError?> RefuseAsync(HttpContext http)
    {
        var secret = configuration["Lava:AdminSecret"];
        if (string.IsNullOrEmpty(secret)) secret = await vault.GetAsync(SecretName, http.RequestAborted);
        var isRight = secret?.Length >= MinSecret
            && ManagementApi.Bearer(http.Request) is { } given
            && CryptographicOperations.FixedTimeEquals(Hash(secret), Hash(given));
        var (remaining, reset) = limiter.Count(isRight ? "admin" : "admin-refused", Limit);
        if (remaining < 0) return ApiError.RateLimited((int)Math.Max(1, reset - time.GetUtcNow().ToUnixTimeSeconds()));
        if (isRight) return null;
        LogRefused(http.Connection.RemoteIpAddress?.ToString());
        return ApiError.AdminSecretInvalid();
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    [LoggerMessage(Level = LogLevel.Warning, Message = "A call to the admin API from {Address} had no valid secret.")]
    private partial void LogRefused(string? address);
}
