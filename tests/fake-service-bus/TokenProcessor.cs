using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Lava.ServiceBusFake;

/// <summary>Checks the shared access signatures by which a client is let in (Microsoft Learn, "Service Bus access control with Shared Access
/// Signatures").</summary>
internal sealed class TokenProcessor(string keyName, string key) : IRequestProcessor
{
    public int Credit => 100;

    public void Process(RequestContext requestContext)
    {
        var isGood = requestContext.Message.Body is string token && IsSigned(token);
        requestContext.Complete(new Message
        {
            ApplicationProperties = new ApplicationProperties
            {
                ["status-code"] = isGood ? 202 : 401,
                ["status-description"] = isGood ? "Accepted" : "The token's signature is wrong.",
            },
        });
    }

    private bool IsSigned(string token)
    {
        const string Scheme = "SharedAccessSignature ";
        if (!token.StartsWith(Scheme, StringComparison.Ordinal)) return false;
        var pairs = token[Scheme.Length..].Split('&').Select(part => part.Split('=', 2)).Where(part => part.Length == 2);
        var parts = pairs.ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        if (parts.GetValueOrDefault("skn") is not { } name || Uri.UnescapeDataString(name) != keyName) return false;
        if (!long.TryParse(parts.GetValueOrDefault("se"), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry)) return false;
        if (DateTimeOffset.FromUnixTimeSeconds(expiry) < DateTimeOffset.UtcNow) return false;
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{parts.GetValueOrDefault("sr")}\n{parts["se"]}"));
        return Uri.UnescapeDataString(parts.GetValueOrDefault("sig") ?? "") == Convert.ToBase64String(signature);
    }
}
