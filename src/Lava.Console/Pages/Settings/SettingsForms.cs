using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Lava.Console.Serving;
using Lava.Service.Accounts.Branding;
using Lava.Service.Accounts.ProviderKeys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Gateway.Fallbacks;
using Lava.Service.Invoices;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Settings;

/// <summary>What is done with settings.</summary>
internal sealed class SettingsForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api) : IEndpoints
{
    private const int MostFallbacks = 5;

    private static readonly string[] InvoiceMembers = ["legal_name", "tax_id", "tax_name", "tax_rate", "number_prefix", "footer"];
    private static readonly string[] AddressMembers = ["line1", "line2", "city", "state", "postal_code", "country"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/settings/fallbacks", "Settings", "settings", SaveFallbacksAsync);
        pages.Form(routes, "/settings/branding", "Settings", "settings", SaveBrandingAsync);
        pages.Form(routes, "/settings/invoices", "Settings", "settings", SaveInvoicesAsync);
        pages.Form(routes, "/settings/provider-keys", "Settings", "settings", StoreKeysAsync);
        pages.Form(routes, "/settings/provider-keys/delete", "Settings", "settings", DeleteKeysAsync);
    }

    private Task SaveFallbacksAsync(CurrentVisit visit)
    {
        var entries = new JsonArray();
        for (var i = 0; i < MostFallbacks; i++)
        {
            if (visit.Form[$"model_{i}"] is not { Length: > 0 } model) continue;
            var entry = new JsonObject { ["model"] = model };
            if (visit.Form[$"provider_{i}"] is { Length: > 0 } provider) entry["provider"] = provider;
            entries.Add(entry);
        }

        var body = new JsonObject { ["fallbacks"] = entries.Count == 0 ? null : entries };
        return SendAsync(visit, "PATCH", "/account/fallback", body, FallbacksJson.Default.FallbackChain);
    }

    private Task SaveBrandingAsync(CurrentVisit visit)
    {
        var body = new JsonObject();
        foreach (var (member, field) in new[] { ("name", "brand_name"), ("color", "color"), ("logo", "logo") })
            body[member] = visit.Form[field].Length > 0 ? visit.Form[field] : null;
        return SendAsync(visit, "POST", "/branding", body, BrandingJson.Default.BrandingResponse);
    }

    private Task SaveInvoicesAsync(CurrentVisit visit)
    {
        var body = new JsonObject();
        foreach (var member in InvoiceMembers) body[member] = Sent(visit, member);
        var address = new JsonObject();
        foreach (var member in AddressMembers) address[member] = Sent(visit, member);
        body["address"] = address;
        return SendAsync(visit, "PUT", "/invoice_details", body, InvoicesWire.Default.InvoiceDetailsResponse);
    }

    private static JsonNode? Sent(CurrentVisit visit, string member) => visit.Form[member] is { Length: > 0 } text ? text : null;

    private Task StoreKeysAsync(CurrentVisit visit)
    {
        var keys = visit.Form["keys"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var body = new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)key)]) };
        return SendAsync(visit, "PUT", Path(visit), body, StoredKeysWire.Default.ProviderKeyResponse);
    }

    private Task DeleteKeysAsync(CurrentVisit visit) => SendAsync(visit, "DELETE", Path(visit), null, HttpJson.Default.DeletedResponse);

    private async Task SendAsync<T>(CurrentVisit visit, string method, string path, JsonObject? body, JsonTypeInfo<T> type)
        where T : class
    {
        var (_, error) = await api.SendAsync(visit, method, path, body, type);
        if (error is null)
        {
            PageWriter.Redirect(visit.Http, visit.Link("/settings?done=saved"));
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<SettingsPage>(visit);
    }

    private static string Path(CurrentVisit visit) => "/provider_keys/" + Uri.EscapeDataString(visit.Form["provider"]);
}
