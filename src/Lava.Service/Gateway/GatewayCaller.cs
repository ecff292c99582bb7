using Lava.Core.Gateway;
using Lava.Core.Keys;
using Lava.Service.Errors;
using Lava.Service.Keys;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway;

/// <summary>Who calls the gateway, and what the call is billed to.</summary>
/// <param name="Identity">The merchant's key.</param>
/// <param name="Token">What the forward token says; null for a bare secret key.</param>
internal sealed record GatewayCaller(SecretKeyIdentity Identity, ForwardToken? Token)
{
    /// <summary>Finds the credential of a request: the carriers are tried in the documented order, and the first that holds something of Lava's form wins, so a foreign
    /// key beside a valid credential does no harm (behaviour.md §1.2, §13).</summary>
    public static async ValueTask<(GatewayCaller? Caller, ApiError? Error)> FindAsync(
        HttpRequest request, ForwardTarget? target, Authenticator authenticator, CancellationToken cancellationToken)
    {
        ApiError? error = null;
        foreach (var carried in Carried(request, target))
        {
            if (carried.StartsWith("lava_sk_", StringComparison.Ordinal))
            {
                error ??= ApiError.SpendKeyInvalid();
                continue;
            }

            var token = carried.StartsWith("aks_", StringComparison.Ordinal) ? null : ForwardToken.Parse(carried);
            var isSecret = carried.StartsWith("aks_", StringComparison.Ordinal);
            if (!isSecret && token is null)
            {
                error ??= ApiError.ForwardTokenInvalid();
                continue;
            }

            var identity = await authenticator.AuthenticateAsync(token?.SecretKey ?? carried, cancellationToken);
            return identity is null ? (null, ApiError.SecretKeyInvalid()) : (new GatewayCaller(identity, token), null);
        }

        return (null, error ?? ApiError.AuthenticationRequired());
    }

    private static IEnumerable<string> Carried(HttpRequest request, ForwardTarget? target)
    {
        foreach (var name in HeaderRules.CredentialCarriers)
        {
            var value = request.Headers[name].ToString();
            if (name == "authorization") value = value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : "";
            value = value.Trim();
            if (value.Length > 0) yield return value;
        }

        if (target?.Credential is { Length: > 0 } credential) yield return credential;
    }
}
