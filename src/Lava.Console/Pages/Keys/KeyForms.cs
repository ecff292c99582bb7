using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Keys;

/// <summary>What is done with keys.</summary>
internal sealed class KeyForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/keys/secret", "Keys", "keys", CreateSecretAsync);
        pages.Form(routes, "/keys/secret/{id}/revoke", "Keys", "keys", RevokeSecretAsync);
        pages.Form(routes, "/keys/new", "New spend key", "keys", CreateSpendAsync);
        pages.Form(routes, "/keys/{id}/rotate", "Spend key", "keys", RotateAsync);
        pages.Form(routes, "/keys/{id}/pause", "Spend key", "keys", PauseAsync);
        pages.Form(routes, "/keys/{id}/revoke", "Spend key", "keys", RevokeSpendAsync);
    }

    private async Task CreateSecretAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["name"] = visit.Form["name"] };
        if (visit.Form["access"] == ScopeFields.Limited) body["scopes"] = ScopeFields.Read(visit.Form);
        var (made, error) = await api.SendAsync(visit, "POST", "/secret_keys", body, KeysJson.Default.SecretKeyResponse);
        visit.Form = error is null
            ? FormState.None with { Secret = made!.SecretKey, SecretName = made.Name }
            : visit.Form with { Error = error };
        visit.Status = error?.Status ?? 200;
        await writer.WriteAsync<KeysPage>(visit);
    }

    private async Task RevokeSecretAsync(CurrentVisit visit)
    {
        var (_, error) = await api.SendAsync(visit, "DELETE", "/secret_keys/" + Uri.EscapeDataString(visit.Id), null, HttpJson.Default.DeletedResponse);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/keys"));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<KeysPage>(visit);
    }

    private async Task CreateSpendAsync(CurrentVisit visit)
    {
        var form = visit.Form;
        var body = new JsonObject { ["name"] = form["name"], ["request_shape"] = form["request_shape"] };
        if (form["amount"].Length > 0) body["spend_limit"] = new JsonObject { ["amount"] = form["amount"], ["cycle"] = form["cycle"] };
        if (form["count"].Length > 0) body["request_limit"] = new JsonObject { ["count"] = Number(form["count"]), ["cycle"] = form["count_cycle"] };
        if (form["rpm"].Length > 0) body["rate_limit"] = new JsonObject { ["rpm"] = Number(form["rpm"]) };
        if (form["models"].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } models)
            body["allowed_models"] = new JsonArray([.. models.Select(model => (JsonNode)model)]);
        var (made, error) = await api.SendAsync(visit, "POST", "/spend_keys", body, SpendKeysWire.Default.SpendKeyResponse);
        if (error is not null)
        {
            visit.Form = form with { Error = error };
            visit.Status = error.Status;
            await writer.WriteAsync<NewSpendKeyPage>(visit);
            return;
        }

        await ShowAsync(visit, made!);
    }

    private async Task RotateAsync(CurrentVisit visit)
    {
        var (made, error) = await api.SendAsync(visit, "POST", Path(visit) + "/rotate", null, SpendKeysWire.Default.SpendKeyResponse);
        if (error is null) await ShowAsync(visit, made!);
        else PageWriter.Redirect(visit.Http, visit.Link("/keys"));
    }

    private async Task PauseAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["status"] = visit.Form["status"] };
        await api.SendAsync(visit, "PATCH", Path(visit), body, SpendKeysWire.Default.SpendKeyResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/keys/" + Uri.EscapeDataString(visit.Id)));
    }

    private async Task RevokeSpendAsync(CurrentVisit visit)
    {
        await api.SendAsync(visit, "DELETE", Path(visit), null, HttpJson.Default.SuccessResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/keys"));
    }

    // The one page on which a key's value stands.
    private async Task ShowAsync(CurrentVisit visit, SpendKeyResponse key)
    {
        visit.Http.Request.RouteValues["id"] = key.SpendKeyId;
        visit.Form = FormState.None with { Secret = key.Key, SecretName = key.Name };
        await writer.WriteAsync<SpendKeyPage>(visit);
    }

    private static string Path(CurrentVisit visit) => "/spend_keys/" + Uri.EscapeDataString(visit.Id);

    // What is no number is sent as it is, for the API to refuse.
    private static JsonNode Number(string text) => int.TryParse(text, out var number) ? number : text;
}
