using System.Security.Claims;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Admin;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Lava.Console.Sessions;

/// <summary>Signs people in and out, and tells whose visit a request is.</summary>
internal sealed class Visits(SessionStore sessions, MerchantStore merchants, AdminGate gate, TimeProvider time)
{
    /// <summary>Name of the console's authentication scheme.</summary>
    public const string Scheme = "lava-console";

    private const string MerchantClaim = "merchant";

    /// <summary>The visit that a request belongs to; null where nobody is signed in.</summary>
    public async ValueTask<SignedIn?> FindAsync(HttpContext http)
    {
        if (!http.Request.Cookies.ContainsKey("lava_console")) return null;
        if (await ReadCookieAsync(http) is not (var merchantId, var id) || merchantId == SessionStore.Operator) return null;
        if (await sessions.FindAsync(merchantId, id, http.RequestAborted) is not (var session, var scopes)) return null;
        return new SignedIn(await merchants.GetAsync(merchantId, http.RequestAborted), session, scopes, id);
    }

    /// <summary>The operator's visit that a request belongs to: of who has the admin secret, or a link from the server's own machine. Null where there is
    /// none.</summary>
    public async ValueTask<OperatorVisit?> FindOperatorAsync(HttpContext http)
    {
        if (!http.Request.Cookies.ContainsKey("lava_console") || await ReadCookieAsync(http) is not (var merchantId, var id)) return null;
        if (await sessions.FindAsync(merchantId, id, http.RequestAborted) is not (var session, _)) return null;
        if (merchantId != SessionStore.Operator) return session.IsLink ? new OperatorVisit(IsLink: true) : null;
        return session.AdminSecret is { } name && name == await gate.NameAsync(http.RequestAborted) ? new OperatorVisit(IsLink: false) : null;
    }

    /// <summary>Signs in the bearer of the admin secret.</summary>
    /// <returns>The refusal; null where the secret was right.</returns>
    public async Task<ApiError?> SignInOperatorAsync(HttpContext http, string secret)
    {
        if (await gate.RefuseAsync(http, secret) is { } refused) return refused;
        await EndCurrentAsync(http);
        var name = (await gate.NameAsync(http.RequestAborted))!;
        await WriteCookieAsync(http, SessionStore.Operator, await sessions.OpenOperatorAsync(name, http.RequestAborted));
        return null;
    }

    /// <summary>Signs in the bearer of a link.</summary>
    public async Task SignInAsync(HttpContext http, string merchantId)
    {
        await EndCurrentAsync(http);
        await WriteCookieAsync(http, merchantId, await sessions.OpenAsync(merchantId, http.RequestAborted));
    }

    /// <summary>Signs in the bearer of a secret key.</summary>
    public async Task SignInAsync(HttpContext http, SecretKeyIdentity key)
    {
        await EndCurrentAsync(http);
        await WriteCookieAsync(http, key.Tenant.MerchantId, await sessions.OpenAsync(key, http.RequestAborted));
    }

    /// <summary>Signs out.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isEverywhere">Whether every session of the merchant ends.</param>
    public async Task SignOutAsync(HttpContext http, bool isEverywhere)
    {
        if (isEverywhere && await FindOperatorAsync(http) is { IsLink: false }) await sessions.EndAllAsync(SessionStore.Operator, http.RequestAborted);
        if (isEverywhere && await FindAsync(http) is { } visit) await sessions.EndAllAsync(visit.Merchant.Id, http.RequestAborted);
        await EndCurrentAsync(http);
        await http.SignOutAsync(Scheme);
    }

    // A session that somebody else may have put into this browser is not continued.
    private async Task EndCurrentAsync(HttpContext http)
    {
        if (await ReadCookieAsync(http) is var (merchantId, id)) await sessions.EndAsync(merchantId, id, http.RequestAborted);
    }

    private static async ValueTask<(string MerchantId, string Id)?> ReadCookieAsync(HttpContext http)
    {
        var result = await http.AuthenticateAsync(Scheme);
        if (result.Principal is not { } principal) return null;

        // Forms are bound to it.
        http.User = principal;
        return principal.FindFirstValue(MerchantClaim) is { } merchantId && principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? (merchantId, id)
            : null;
    }

    private async Task WriteCookieAsync(HttpContext http, string merchantId, string id)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim(MerchantClaim, merchantId)], Scheme));
        var now = time.GetUtcNow();
        var properties = new AuthenticationProperties { IsPersistent = true, IssuedUtc = now, ExpiresUtc = now + SessionStore.Lifetime };
        await http.SignInAsync(Scheme, principal, properties);
        http.User = principal;
    }
}
