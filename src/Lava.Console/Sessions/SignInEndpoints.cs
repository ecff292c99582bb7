using Lava.Console.Pages;
using Lava.Console.Serving;
using Lava.Core.Ids;
using Lava.Service.Accounts.Login;
using Lava.Service.Api.Endpoints;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Sessions;

/// <summary>The server's front door, signing in and signing out.</summary>
internal sealed class SignInEndpoints(ConsoleRoutes pages, PageWriter writer, Visits visits, LoginCodes codes, Authenticator authenticator, GuessBrake brake)
    : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Open(routes, "GET", "/", "Lava", EnterAsync);
        pages.Open(routes, "GET", "/console", "Console", HomeAsync);
        pages.Open(routes, "GET", "/console/sign-in", "Sign in", AskAsync);
        pages.Open(routes, "POST", "/console/sign-in", "Sign in", SignInAsync);
        pages.Open(routes, "POST", "/console/sign-out", "Sign out", SignOutAsync);
    }

    // The code leaves the address at once, whether or not it is good.
    private async Task EnterAsync(CurrentVisit visit)
    {
        var http = visit.Http;
        if (visit.Query("code") is not { Length: > 0 } code)
        {
            PageWriter.Redirect(http, "/console");
            return;
        }

        var address = http.Connection.RemoteIpAddress;
        if (brake.SecondsToWait(address) is > 0 and var seconds) throw new TooManyGuessesException(seconds);
        if (await codes.TakeAsync(LoginPurpose.Console, code, http.RequestAborted) is not { } grant)
        {
            brake.Note(address);
            PageWriter.Redirect(http, "/console/sign-in?used=1");
            return;
        }

        await visits.SignInAsync(http, grant.Tenant.MerchantId);
        PageWriter.Redirect(http, "/console/test");
    }

    private async Task HomeAsync(CurrentVisit visit)
    {
        var signedIn = await visits.FindAsync(visit.Http);
        PageWriter.Redirect(visit.Http, signedIn is null ? "/console/sign-in" : HomeOf(signedIn.Session));
    }

    private async Task AskAsync(CurrentVisit visit)
    {
        // The form is bound to whoever is signed in already.
        await visits.FindAsync(visit.Http);
        visit.IsBare = true;
        await writer.WriteAsync<SignInPage>(visit);
    }

    private async Task SignInAsync(CurrentVisit visit)
    {
        var http = visit.Http;
        var identity = await authenticator.AuthenticateAsync(visit.Form["secret_key"], http.Connection.RemoteIpAddress, http.RequestAborted);
        if (identity is null)
        {
            visit.IsBare = true;
            visit.Status = StatusCodes.Status401Unauthorized;
            visit.Explanation = "This secret key is unknown or revoked.";

            // Never shown again, not to the person who typed it either.
            visit.Form = new FormState(new Dictionary<string, string> { ["next"] = visit.Form["next"] }, null);
            await writer.WriteAsync<SignInPage>(visit);
            return;
        }

        await visits.SignInAsync(http, identity);
        var home = "/console/" + identity.Tenant.Mode.Word();
        PageWriter.Redirect(http, IsBelow(visit.Form["next"], home) ? visit.Form["next"] : home);
    }

    private async Task SignOutAsync(CurrentVisit visit)
    {
        await visits.SignOutAsync(visit.Http, visit.Form["everywhere"].Length > 0);
        PageWriter.Redirect(visit.Http, "/console/sign-in?out=1");
    }

    private static string HomeOf(StoredSession session) => session.SeesTest ? "/console/test" : "/console/live";

    // Only a page of the mode that was opened: an address of another site has no place here.
    private static bool IsBelow(string next, string home) =>
        (next == home || next.StartsWith(home + "/", StringComparison.Ordinal)) && !next.Contains('\\', StringComparison.Ordinal)
        && next.All(c => c is > ' ' and < (char)127);
}
