using Lava.Console.Pages;
using Lava.Console.Sessions;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Input;
using Lava.Service.Credentials;
using Lava.Service.Ports.Payments;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lava.Console.Serving;

/// <summary>Maps the console's pages and forms: who may see them, and what is said when something fails.</summary>
internal sealed partial class ConsoleRoutes(
    Visits visits,
    Suspensions suspensions,
    PageWriter writer,
    IAntiforgery antiforgery,
    ILogger<ConsoleRoutes> logger)
{
    /// <summary>Where the operator's pages are.</summary>
    public const string OperatorHome = "/console/operator";

    /// <summary>Prompts and tables of prices have 64 KB at most, a whole form 512 KB.</summary>
    private const int FormSize = 64;

    /// <summary>A page of a merchant's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Its path below the mode; empty for the overview.</param>
    /// <param name="title">Its title.</param>
    /// <param name="section">Its entry in the menu.</param>
    /// <param name="hasChart">Whether it needs the charts' script.</param>
    /// <param name="script">A script of its own; null for none.</param>
    public void Page<TPage>(IEndpointRouteBuilder routes, string path, string title, string section, bool hasChart = false, string? script = null)
        where TPage : IComponent =>
        routes.MapMethods("/console/{mode}" + path, ["GET"], http => RunAsync(http, title, section, visit =>
        {
            visit.HasChart = hasChart;
            visit.Script = script;
            return writer.WriteAsync<TPage>(visit);
        }));

    /// <summary>A file of a merchant's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Its path below the mode.</param>
    /// <param name="title">Title of the page that shows what is wrong with it.</param>
    /// <param name="section">The page's entry in the menu.</param>
    /// <param name="write">Writes it.</param>
    public void File(IEndpointRouteBuilder routes, string path, string title, string section, Func<CurrentVisit, Task> write) =>
        routes.MapMethods("/console/{mode}" + path, ["GET"], http => RunAsync(http, title, section, write));

    /// <summary>A form of a merchant's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Where it is sent, below the mode.</param>
    /// <param name="title">Title of the page that shows what is wrong with it.</param>
    /// <param name="section">The page's entry in the menu.</param>
    /// <param name="handle">Does what it asks for, and answers with a page or sends the browser on.</param>
    public void Form(IEndpointRouteBuilder routes, string path, string title, string section, Func<CurrentVisit, Task> handle) =>
        routes.MapMethods("/console/{mode}" + path, ["POST"], http => RunAsync(http, title, section, handle));

    /// <summary>A page of the operator's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Its path below <c>/console/operator</c>.</param>
    /// <param name="title">Its title.</param>
    /// <param name="section">Its entry in the operator's menu.</param>
    public void OperatorPage<TPage>(IEndpointRouteBuilder routes, string path, string title, string section)
        where TPage : IComponent =>
        routes.MapMethods(OperatorHome + path, ["GET"], http => RunOperatorAsync(http, title, section, visit => writer.WriteAsync<TPage>(visit)));

    /// <summary>A form of the operator's.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="path">Where it is sent, below <c>/console/operator</c>.</param>
    /// <param name="title">Title of the page that shows what is wrong with it.</param>
    /// <param name="section">The page's entry in the operator's menu.</param>
    /// <param name="handle">Does what it asks for, and answers with a page or sends the browser on.</param>
    public void OperatorForm(IEndpointRouteBuilder routes, string path, string title, string section, Func<CurrentVisit, Task> handle) =>
        routes.MapMethods(OperatorHome + path, ["POST"], http => RunOperatorAsync(http, title, section, handle));

    /// <summary>A page or a form for everybody.</summary>
    public void Open(IEndpointRouteBuilder routes, string method, string path, string title, Func<CurrentVisit, Task> handle) =>
        routes.MapMethods(path, [method], http => GuardAsync(PageWriter.Begin(http, title), handle));

    private Task RunOperatorAsync(HttpContext http, string title, string section, Func<CurrentVisit, Task> handle)
    {
        var visit = PageWriter.Begin(http, title);
        visit.Section = section;
        return GuardAsync(visit, async current =>
        {
            current.Operator = await visits.FindOperatorAsync(http);
            if (current.Operator is not null) await handle(current);
            else PageWriter.Redirect(http, OperatorHome + "/sign-in");
        });
    }

    private Task RunAsync(HttpContext http, string title, string section, Func<CurrentVisit, Task> handle)
    {
        var visit = PageWriter.Begin(http, title);
        visit.Section = section;
        return GuardAsync(visit, async current =>
        {
            current.SignedIn = await visits.FindAsync(http);
            if (current.SignedIn is null)
            {
                PageWriter.Redirect(http, "/console/sign-in?next=" + Uri.EscapeDataString(http.Request.Path.Value!));
                return;
            }

            if (await suspensions.FindAsync(current.SignedIn.Merchant.Id, http.RequestAborted) is not null)
            {
                await FailAsync(current, 403, "This merchant is suspended", "The operator of the server has suspended it. Its data is kept. Ask the operator.");
                return;
            }

            switch (RouteText.Of(http, "mode"))
            {
                case "test":
                    current.Mode = Mode.Test;
                    break;
                case "live":
                    current.Mode = Mode.Live;
                    break;
                default:
                    await FailAsync(current, 404, "There is no such page", "Check the address, or begin at the overview.");
                    return;
            }

            if (!current.SignedIn.Session.Sees(current.Mode))
            {
                var mode = current.Mode.Word();
                var remedy = $"A secret key opens its own mode. Sign in with a {mode} key, or with a link from ./lava console.";
                await FailAsync(current, 403, $"You are not signed in for {mode} mode", remedy);
                return;
            }

            if (await IsLetInAsync(current)) await handle(current);
        });
    }

    // The API refuses as much by itself. Here a person is told so on a page, before anything is tried.
    private async Task<bool> IsLetInAsync(CurrentVisit visit)
    {
        var section = Section.Of(visit.Section);
        var scope = HttpMethods.IsPost(visit.Http.Request.Method) ? section.Writes : section.Reads;
        if (visit.May(scope)) return true;
        if (visit.Section.Length == 0)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/" + Section.All.First(other => other.Path.Length > 0 && visit.May(other.Reads)).Path));
            return false;
        }

        visit.Status = StatusCodes.Status403Forbidden;
        visit.Explanation = $"Your sign-in lacks the scope {scope}. Sign in with another key, or ask whoever gave you this one.";
        await writer.WriteAsync<ForbiddenPage>(visit);
        return false;
    }

    private async Task GuardAsync(CurrentVisit visit, Func<CurrentVisit, Task> handle)
    {
        var http = visit.Http;
        try
        {
            if (HttpMethods.IsPost(http.Request.Method) && !await ReadFormAsync(visit))
            {
                var remedy = "It was open too long, or it was sent from another page. Go back, reload the page and try again.";
                await FailAsync(visit, 400, "This form is out of date", remedy);
                return;
            }

            await handle(visit);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (TooManyGuessesException fault)
        {
            await FailAsync(visit, 429, "Too many attempts", $"Too many unknown keys came from your network. Try again in {fault.Seconds} seconds.");
        }
        catch (VaultException fault)
        {
            LogFault(visit.Title, RequestIds.Of(http), fault);
            await FailAsync(visit, 503, "The vault is not available", "The console keeps its keys in the vault. The server's log says what is wrong with it.");
        }
        catch (Exception fault) when (fault is TableStoreException or PaymentProcessorException)
        {
            LogFault(visit.Title, RequestIds.Of(http), fault);
            await FailAsync(visit, 503, "Not available right now", "Nothing was changed. Try again in a moment.");
        }
        catch (Exception fault)
        {
            LogFault(visit.Title, RequestIds.Of(http), fault);
            await FailAsync(visit, 500, "Something went wrong", $"The server's log has more, under {RequestIds.Of(http)}.");
        }
    }

    // The token says that the form is a page's of this visit, so no other site can send one.
    private async Task<bool> ReadFormAsync(CurrentVisit visit)
    {
        if (await SmallForm.ReadAsync(visit.Http, FormSize) is not { } form) return false;

        // The token is bound to who is signed in.
        await visits.FindAsync(visit.Http);
        if (!await antiforgery.IsRequestValidAsync(visit.Http)) return false;
        visit.Form = new FormState(form.ToDictionary(field => field.Key, field => field.Value.ToString().Trim(), StringComparer.Ordinal), null);
        return true;
    }

    /// <summary>Writes a page that says why there is no other.</summary>
    public async Task FailAsync(CurrentVisit visit, int status, string title, string text)
    {
        if (visit.Http.Response.HasStarted)
        {
            visit.Http.Abort();
            return;
        }

        visit.Status = status;
        visit.Title = title;
        visit.Explanation = text;

        // A form's token needs what may just have failed, and this page has no form.
        visit.FormToken = "none";
        visit.IsBare = true;
        await writer.WriteAsync<FailurePage>(visit);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The console's page {Title} failed (request {RequestId}).")]
    private partial void LogFault(string title, string requestId, Exception fault);
}
