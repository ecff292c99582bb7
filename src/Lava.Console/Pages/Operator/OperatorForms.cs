using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Console.Sessions;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Admin;
using Lava.Service.Admin.Merchants;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Operator;

/// <summary>The operator's pages and forms. What the forms do, the operator's API does by the same services.</summary>
internal sealed class OperatorForms(ConsoleRoutes pages, PageWriter writer, Visits visits, MerchantCare care, DeadLetters letters) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.OperatorPage<SystemPage>(routes, "", "System", "");
        pages.OperatorPage<MerchantsPage>(routes, "/merchants", "Merchants", "merchants");
        pages.OperatorPage<MerchantPage>(routes, "/merchants/{id}", "Merchant", "merchants");
        pages.OperatorPage<DeadLettersPage>(routes, "/dead-letters", "Dead letters", "dead-letters");
        pages.OperatorPage<OperatorLogPage>(routes, "/log", "Operator's log", "log");
        pages.OperatorForm(routes, "/merchants", "Merchants", "merchants", CreateAsync);
        pages.OperatorForm(routes, "/merchants/{id}/suspend", "Merchant", "merchants", SuspendAsync);
        pages.OperatorForm(routes, "/merchants/{id}/resume", "Merchant", "merchants", ResumeAsync);
        pages.OperatorForm(routes, "/merchants/{id}/rotate", "Merchant", "merchants", RotateAsync);
        pages.OperatorForm(routes, "/merchants/{id}/adjust", "Merchant", "merchants", AdjustAsync);
        pages.OperatorForm(routes, "/dead-letters/retry", "Dead letters", "dead-letters", visit => ChangeAsync(visit, isRetry: true));
        pages.OperatorForm(routes, "/dead-letters/drop", "Dead letters", "dead-letters", visit => ChangeAsync(visit, isRetry: false));
        pages.Open(routes, "GET", ConsoleRoutes.OperatorHome + "/sign-in", "Sign in as the operator", AskAsync);
        pages.Open(routes, "POST", ConsoleRoutes.OperatorHome + "/sign-in", "Sign in as the operator", SignInAsync);
    }

    private async Task AskAsync(CurrentVisit visit)
    {
        // The form is bound to whoever is signed in already.
        await visits.FindOperatorAsync(visit.Http);
        visit.IsBare = true;
        await writer.WriteAsync<OperatorSignInPage>(visit);
    }

    private async Task SignInAsync(CurrentVisit visit)
    {
        if (await visits.SignInOperatorAsync(visit.Http, visit.Form["admin_secret"]) is not { } refused)
        {
            PageWriter.Redirect(visit.Http, ConsoleRoutes.OperatorHome);
            return;
        }

        visit.IsBare = true;
        visit.Status = refused.Status;
        visit.Explanation = refused.Status == StatusCodes.Status429TooManyRequests
            ? "Too many attempts. Try again in a minute."
            : "This is not the admin secret, or this server has none.";
        visit.Form = FormState.None;
        await writer.WriteAsync<OperatorSignInPage>(visit);
    }

    private async Task CreateAsync(CurrentVisit visit)
    {
        var fields = Read(("name", visit.Form["merchant_name"]));
        var name = fields.Text("name", isRequired: true);
        if (fields.Error is { } invalid)
        {
            await ShowAsync<MerchantsPage>(visit, invalid);
            return;
        }

        var made = await care.CreateAsync(name!, AddressOf(visit));
        visit.NewKeys = [($"{made.Merchant.Name}, test mode", made.TestKey), ($"{made.Merchant.Name}, live mode", made.LiveKey)];
        visit.Form = FormState.None;
        await writer.WriteAsync<MerchantsPage>(visit);
    }

    private async Task SuspendAsync(CurrentVisit visit)
    {
        var fields = Read(("reason", visit.Form["reason"]));
        var reason = fields.Text("reason", isRequired: true);
        if (fields.Error is { } invalid) await ShowAsync<MerchantPage>(visit, invalid);
        else await BackAsync(visit, await care.SuspendAsync(visit.Id, reason!, AddressOf(visit)));
    }

    private async Task ResumeAsync(CurrentVisit visit) => await BackAsync(visit, await care.ResumeAsync(visit.Id, AddressOf(visit)));

    private async Task RotateAsync(CurrentVisit visit)
    {
        if (ModeOf(visit) is not { } mode) await ShowAsync<MerchantPage>(visit, WrongMode());
        else if (await care.RotateAsync(visit.Id, mode, AddressOf(visit)) is not (_, var raw)) await BackAsync(visit, isFound: false);
        else
        {
            visit.NewKeys = [($"The secret key of {mode.Word()} mode", raw)];
            visit.Form = FormState.None;
            await writer.WriteAsync<MerchantPage>(visit);
        }
    }

    private async Task AdjustAsync(CurrentVisit visit)
    {
        var fields = Read(("description", visit.Form["description"]));
        var description = fields.Text("description", isRequired: true);
        if (!MerchantEndpoints.TryReadSigned(visit.Form["amount"], out var amount))
            fields.Fail("amount must be a number of dollars other than 0, such as 5.00 or -5.00, up to 1000000.", "amount");
        if (ModeOf(visit) is not { } mode) await ShowAsync<MerchantPage>(visit, WrongMode());
        else if (fields.Error is { } invalid) await ShowAsync<MerchantPage>(visit, invalid);
        else
        {
            var (_, refused) = await care.CorrectAsync(visit.Id, mode, visit.Once, amount, description!, AddressOf(visit));
            if (refused is null) await BackAsync(visit, isFound: true);
            else await ShowAsync<MerchantPage>(visit, refused);
        }
    }

    private async Task ChangeAsync(CurrentVisit visit, bool isRetry)
    {
        var queue = visit.Form["queue"];
        var isDone = QueueNames.All.Contains(queue)
            && await letters.ChangeAsync(queue, visit.Form["id"], isRetry, AddressOf(visit), visit.Http.RequestAborted);
        if (isDone) PageWriter.Redirect(visit.Http, ConsoleRoutes.OperatorHome + "/dead-letters");
        else await ShowAsync<DeadLettersPage>(visit, ApiError.NotFound("dead letter"));
    }

    private Task BackAsync(CurrentVisit visit, bool isFound)
    {
        if (!isFound) return writer.WriteAsync<MerchantPage>(visit);
        PageWriter.Redirect(visit.Http, $"{ConsoleRoutes.OperatorHome}/merchants/{Uri.EscapeDataString(visit.Id)}");
        return Task.CompletedTask;
    }

    private Task ShowAsync<TPage>(CurrentVisit visit, ApiError error)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        return writer.WriteAsync<TPage>(visit);
    }

    // By the rules of the API's own bodies.
    private static RequestFields Read(params IEnumerable<(string Name, string Value)> values)
    {
        var body = new JsonObject();
        foreach (var (name, value) in values) body[name] = value.Length > 0 ? value : null;
        return new RequestFields(JsonElement.Parse(body.ToJsonString()));
    }

    private static ApiError WrongMode() => ApiError.Validation(Issue.At("mode", "mode must be test or live."));

    private static Mode? ModeOf(CurrentVisit visit) => visit.Form["mode"] switch { "test" => Mode.Test, "live" => Mode.Live, _ => null };

    private static string? AddressOf(CurrentVisit visit) => AdminApi.AddressOf(visit.Http);
}
