using System.Globalization;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Credentials;
using Lava.Service.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Accounts.Login;

/// <summary>The login of command-line programs (behaviour.md §11): <c>/auth/connect</c>, where a merchant lets one in, and <c>/v1/auth/callback</c>, where it
/// fetches its key. There are no accounts with passwords: who has a secret key of the merchant is the merchant.</summary>
internal sealed class LoginEndpoints(LoginCodes codes, Authenticator authenticator, SecretKeyStore keys, MerchantStore merchants) : IEndpoints
{
    private const string KeyName = "CLI";
    private static readonly string CreatesKeys = Scopes.Write("keys");

    private const int MaxBody = 4 * 1024;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/auth/connect", async http =>
        {
            if (TryRead(http.Request.Query["state"], http.Request.Query["port"], out var state, out var port))
            {
                await LoginPage.Ask(state, port, null).WriteAsync(http, 200);
            }
            else await LoginPage.Invalid().WriteAsync(http, 400);
        }).ExcludeFromDescription();

        // A site that sends this form on its own would have to know a secret key.
        routes.MapPost("/auth/connect", async http =>
        {
            if (await SmallForm.ReadAsync(http) is not { } form || !TryRead(form["state"], form["port"], out var state, out var port))
            {
                await LoginPage.Invalid().WriteAsync(http, 400);
                return;
            }

            if (await authenticator.AuthenticateAsync(
                form["secret_key"].ToString().Trim(),
                http.Connection.RemoteIpAddress,
                http.RequestAborted) is not { } identity)
            {
                await LoginPage.Ask(state, port, "This secret key is unknown or revoked.").WriteAsync(http, 401);
                return;
            }

            // The program gets a key of its own, as by POST /v1/secret_keys.
            if (!identity.Scopes.Allow(CreatesKeys))
            {
                await LoginPage.Ask(state, port, $"This secret key may not create others: it lacks the scope {CreatesKeys}.").WriteAsync(http, 403);
                return;
            }

            var code = await codes.CreateAsync(LoginPurpose.Program, new LoginGrant(identity.Tenant, identity.Scopes), http.RequestAborted);
            HtmlPage.SeeOther(http, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/callback?code={code}&state={state}"));
        }).DisableAntiforgery().ExcludeFromDescription();

        routes.MapMethods("/v1/auth/callback", ["POST"], async http =>
        {
            var result = await ExchangeAsync(http, codes, keys, merchants);
            await result.WriteAsync(http);
        }).Describe(new Operation(
            "exchangeAuthCode",
            "Keys",
            "Exchange the code of a command-line login for a secret key. The code works once, within 60 seconds.",
            typeof(AuthCodeBody),
            typeof(LoginResponse),
            200,
            [],
            true));
    }

    private static async ValueTask<ApiResult> ExchangeAsync(HttpContext http, LoginCodes codes, SecretKeyStore keys, MerchantStore merchants)
    {
        var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
        if (error is not null) return error;
        var fields = new RequestFields(json);
        var code = fields.Text("code", isRequired: true);
        if (fields.Error is { } invalid) return invalid;
        if (await codes.TakeAsync(LoginPurpose.Program, code!, http.RequestAborted) is not (var tenant, var scopes)) return ApiError.AuthCodeInvalid();

        // Raw keys are stored nowhere, so each login gets one of its own.
        var (key, raw, refused) = await keys.CreateAsync(tenant, KeyName, scopes, CancellationToken.None);
        if (refused is not null) return refused;
        var merchant = await merchants.GetAsync(tenant.MerchantId, CancellationToken.None);
        return ApiResult.Ok(new LoginResponse(merchant.WalletId(tenant.Mode), key!.Id, raw, merchant.Id, merchant.Id), LoginJson.Default.LoginResponse);
    }

    private static bool TryRead(string? givenState, string? givenPort, out string state, out int port)
    {
        state = givenState ?? "";
        return int.TryParse(givenPort, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1024 and <= 65535
            && state.Length is >= 8 and <= 128 && state.All(char.IsAsciiLetterOrDigit);
    }
}
