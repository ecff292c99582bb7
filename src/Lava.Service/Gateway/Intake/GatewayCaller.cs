using Lava.Core.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Gateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Intake;

/// <summary>Who calls the gateway, and what the call is billed to.</summary>
/// <param name="Tenant">The merchant and the mode.</param>
/// <param name="Token">What the forward token says; null for a bare secret key and for a spend key.</param>
/// <param name="SpendKey">The spend key that calls; null where none does.</param>
internal sealed record GatewayCaller(Tenant Tenant, ForwardToken? Token, SpendKeyIdentity? SpendKey)
{
    /// <summary>Finds the credential of a request: the carriers are tried in the documented order, and the first that holds something of Lava's form wins, so a
    /// foreign key beside a valid credential does no harm (behaviour.md §1.2, §13).</summary>
    /// <param name="request">The request.</param>
    /// <param name="parameter">The value of its <c>key</c> parameter; null without one.</param>
    /// <param name="authenticator">Knows secret keys.</param>
    /// <param name="spendKeys">Knows spend keys.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public static async ValueTask<(GatewayCaller? Caller, ApiError? Error)> FindAsync(
        HttpRequest request, string? parameter, Authenticator authenticator, SpendKeyStore spendKeys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ApiError? error = null;
        foreach (var carried in Carried(request, parameter))
        {
            if (carried.StartsWith(SpendKeyStore.RawPrefix, StringComparison.Ordinal))
            {
                if (await spendKeys.AuthenticateAsync(carried, request.HttpContext.Connection.RemoteIpAddress, cancellationToken) is not { } spender)
                    return (null, ApiError.SpendKeyInvalid());
                return SpendKeyGate.CheckKey(spender.Key, now) is { } refused ? (null, refused) : (new GatewayCaller(spender.Tenant, null, spender), null);
            }

            var token = carried.StartsWith("aks_", StringComparison.Ordinal) ? null : ForwardToken.Parse(carried);
            var isSecret = carried.StartsWith("aks_", StringComparison.Ordinal);
            if (!isSecret && token is null)
            {
                error ??= ApiError.ForwardTokenInvalid();
                continue;
            }

            var identity = await authenticator.AuthenticateAsync(
                token?.SecretKey ?? carried,
                request.HttpContext.Connection.RemoteIpAddress,
                cancellationToken);
            if (identity is null) return (null, ApiError.SecretKeyInvalid());
            return identity.Scopes.Allow(Scopes.Gateway)
                ? (new GatewayCaller(identity.Tenant, token, null), null)
                : (null, ApiError.InsufficientScope(Scopes.Gateway));
        }

        return (null, error ?? ApiError.AuthenticationRequired());
    }

    /// <summary>What a request carries where credentials may be, in the order in which they are tried.</summary>
    /// <param name="request">The request.</param>
    /// <param name="parameter">The value of its <c>key</c> parameter; null without one.</param>
    public static IEnumerable<string> Carried(HttpRequest request, string? parameter)
    {
        foreach (var name in HeaderRules.CredentialCarriers)
        {
            var value = request.Headers[name].ToString();
            if (name == "authorization") value = value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : "";
            value = value.Trim();
            if (value.Length > 0) yield return value;
        }

        if (parameter is { Length: > 0 }) yield return parameter;
    }
}
