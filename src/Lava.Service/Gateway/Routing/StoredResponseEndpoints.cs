using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Keys;
using Lava.Core.Translation.Responses;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Reservations;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/responses/{id}</c> and what is below it (platform.openai.com/docs/api-reference/responses): responses that Lava keeps. A provider's own are
/// read through <c>/v1/forward</c>.</summary>
internal sealed class StoredResponseEndpoints(CallIntake intake, ResponseHistory history, TimeProvider time) : IEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        Map("GET", "/v1/responses/{response_id}", "getResponse", "Show a response that Lava keeps.", ShowAsync);
        Map("DELETE", "/v1/responses/{response_id}", "deleteResponse", "Delete a response that Lava keeps.", DeleteAsync);
        Map("GET", "/v1/responses/{response_id}/input_items", "listResponseItems", "List the input of a response that Lava keeps.", ListAsync);
        Map("POST", "/v1/responses/{response_id}/cancel", "cancelResponse", "Cancel a background response. Lava runs none, so this is refused.", CancelAsync);

        void Map(string method, string pattern, string id, string summary, Func<HttpContext, Tenant, string, Task<ApiError?>> answer) =>
            routes.MapMethods(pattern, [method], http => AnswerAsync(http, answer)).Describe(Operation.Gateway(id, summary));
    }

    private async Task AnswerAsync(HttpContext http, Func<HttpContext, Tenant, string, Task<ApiError?>> answer)
    {
        ApiError? error;
        try
        {
            var (caller, refused) = await intake.FindCallerAsync(http, null, CallStart.Now(time));
            if (caller?.SpendKey is { } spender) refused ??= SpendKeyGate.CheckShape(spender.Key, WireFormat.OpenAiResponses);
            error = refused ?? await answer(http, caller!.Tenant, http.Request.RouteValues["response_id"] as string ?? "");
        }
        catch (TableStoreException)
        {
            error = ApiError.Unavailable();
        }

        if (error is not null) await ErrorWriter.WriteAsync(http, error);
    }

    private async Task<ApiError?> ShowAsync(HttpContext http, Tenant tenant, string id)
    {
        using var kept = await FindAsync(http, tenant, id);
        if (kept is null) return ApiError.ResponseNotFound(id);
        await WriteAsync(http, json => kept.RootElement.GetProperty("response").WriteTo(json));
        return null;
    }

    private async Task<ApiError?> DeleteAsync(HttpContext http, Tenant tenant, string id)
    {
        if (ResponsesReferences.AnswerOf(id) is not { } answer || !await history.RemoveAsync(tenant, answer, http.RequestAborted))
            return ApiError.ResponseNotFound(id);
        await WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("object", "response");
            json.WriteBoolean("deleted", true);
            json.WriteEndObject();
        });
        return null;
    }

    /// <summary>Items have ids by their place: <c>in_{response}_{place}</c>.</summary>
    private async Task<ApiError?> ListAsync(HttpContext http, Tenant tenant, string id)
    {
        var query = http.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return ApiError.Validation(Issue.At("limit", "limit must be a whole number from 1 to 100."));
        var order = query.TryGetValue("order", out var given) ? given.ToString() : "desc";
        if (order is not ("asc" or "desc")) return ApiError.Validation(Issue.At("order", "order must be asc or desc."));
        using var kept = await FindAsync(http, tenant, id);
        if (kept is null) return ApiError.ResponseNotFound(id);
        var input = kept.RootElement.GetProperty("input");
        if (input.ValueKind != JsonValueKind.Array) return ApiError.ResponseNotKept(id, "response_id", isTooLong: true);

        List<(string Id, JsonElement Item)> items = [.. input.EnumerateArray().Select((item, place) => ($"in_{id}_{place}", item))];
        if (order == "desc") items.Reverse();
        if (query.TryGetValue("after", out var after))
        {
            var last = items.FindIndex(item => item.Id == after.ToString());
            if (last < 0) return ApiError.Validation(Issue.At("after", "after must be the id of an item of this list."));
            items.RemoveRange(0, last + 1);
        }

        await WriteAsync(http, json => WritePage(json, items, limit));
        return null;
    }

    private async Task<ApiError?> CancelAsync(HttpContext http, Tenant tenant, string id)
    {
        using var kept = await FindAsync(http, tenant, id);
        return kept is null ? ApiError.ResponseNotFound(id) : ApiError.Validation(Issue.At("response_id", "Only background responses can be cancelled."));
    }

    private async Task<JsonDocument?> FindAsync(HttpContext http, Tenant tenant, string id) =>
        id.StartsWith("resp_", StringComparison.Ordinal) && ResponsesReferences.AnswerOf(id) is { } answer
            ? await history.FindAsync(tenant, answer, http.RequestAborted)
            : null;

    private static void WritePage(Utf8JsonWriter json, List<(string Id, JsonElement Item)> items, int limit)
    {
        List<(string Id, JsonElement Item)> page = [.. items.Take(limit)];
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (id, item) in page)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            foreach (var member in item.EnumerateObject())
            {
                if (!member.NameEquals("id"u8)) member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("first_id", page.Count > 0 ? page[0].Id : null);
        json.WriteString("last_id", page.Count > 0 ? page[^1].Id : null);
        json.WriteBoolean("has_more", items.Count > limit);
        json.WriteEndObject();
    }

    private static Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body)) write(json);
        return WholeAnswer.WriteAsync(http, "application/json", body.WrittenSpan.ToArray());
    }
}
