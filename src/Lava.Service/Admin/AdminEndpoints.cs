using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Metering.Disputes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Admin;

/// <summary><c>/v1/admin</c>, our own addition: the operator's API, for what no merchant may do.</summary>
internal sealed class AdminEndpoints(AdminApi api, AdminLog log, DeadLetters letters, DisputeStore disputes) : IEndpoints
{
    private const int MaxBody = 16 * 1024;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        Map("GET", "/v1/admin/log", async http =>
        {
            if (ListQuery.TryRead(http.Request.Query, out var page) is { } invalid) return invalid;
            if (page.Cursor is not null && !Ulid.IsValid(page.Cursor)) return ListQuery.UnknownCursor();
            return ApiResult.Ok(
                Paging.Of(await log.ListAsync(page.Limit + 1, page.Cursor, http.RequestAborted), page.Limit, deed => deed.EventId),
                AdminWire.Default.ListResponseAdminAction);
        }).Describe(Operation.List("listAdminLog", "Admin", "List the operator's actions.", typeof(ListResponse<AdminAction>)));

        Map("GET", "/v1/admin/disputes", async http =>
        {
            if (ListQuery.TryRead(http.Request.Query, out var page) is { } invalid) return invalid;
            var status = http.Request.Query["status"].ToString();
            if (status is not ("" or "open" or "decided")) return ApiError.Validation(Issue.At("status", "status must be open or decided."));
            string? after = null;
            if (page.Cursor is not null && !TryReadCall(page.Cursor, out after)) return ListQuery.UnknownCursor();
            var found = await disputes.ListAsync(status != "decided", page.Limit + 1, after, http.RequestAborted);
            return ApiResult.Ok(
                Paging.Of([.. found.Select(DisputeResponse.Of)], page.Limit, shown => shown.RequestId),
                AdminWire.Default.ListResponseDisputeResponse);
        }).Describe(Operation.List(
            "listDisputes",
            "Admin",
            "List calls whose provider reported more usage than is possible. status is open or decided.",
            typeof(ListResponse<DisputeResponse>),
            "status"));

        Map("POST", "/v1/admin/disputes/{id}", async http =>
        {
            var (json, error) = await RequestJson.ReadBodyAsync(http, MaxBody);
            if (error is not null) return error;
            var fields = new RequestFields(json);
            var decision = fields.Word("decision", ["charge", "dismiss"], isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            if (!TryReadCall(RouteText.Of(http, "id"), out var call)) return ApiError.NotFound("dispute");

            // Whole from here on, so that the log tells what became of it.
            if (await disputes.DecideAsync(call!, decision == "charge", CancellationToken.None) is not { } decided) return ApiError.NotFound("dispute");
            await log.AddAsync("dispute." + decided.Decision, decided.MerchantId, AdminApi.AddressOf(http), CancellationToken.None);
            return ApiResult.Ok(DisputeResponse.Of(decided), AdminWire.Default.DisputeResponse);
        }).Describe(Operation.Change(
            "decideDispute",
            "Admin",
            "Decide a dispute by its request id: charge the rest to the wallet, or dismiss it.",
            typeof(DisputeBody),
            typeof(DisputeResponse)));

        static bool TryReadCall(string text, out string? call)
        {
            if (Id.TryGetUlid(text, "req", Mode.Test, out var found) || Id.TryGetUlid(text, "req", Mode.Live, out found))
            {
                call = found;
                return true;
            }

            call = null;
            return false;
        }

        // Without a cursor: what is listed is meant to be sent again or dropped, and the list then begins with the next.
        Map("GET", "/v1/admin/dead_letters", async http =>
        {
            if (ListQuery.TryRead(http.Request.Query, out var page) is { } invalid) return invalid;
            if (page.Cursor is not null) return ListQuery.UnknownCursor();
            var name = http.Request.Query.TryGetValue("queue", out var given) ? given.ToString() : null;
            if (name is not null && !QueueNames.All.Contains(name))
                return ApiError.Validation(Issue.At("queue", $"queue must be one of {string.Join(", ", QueueNames.All)}."));
            var found = await letters.ListAsync(name, page.Limit + 1, http.RequestAborted);
            return ApiResult.Ok(
                new ListResponse<DeadLetterResponse>([.. found.Take(page.Limit)], found.Count > page.Limit, null),
                AdminWire.Default.ListResponseDeadLetterResponse);
        }).Describe(Operation.Read(
            "listDeadLetters",
            "Admin",
            "List dead letters, oldest first.",
            typeof(ListResponse<DeadLetterResponse>)) with { Query = ["queue", "limit"] });

        Map(
            "POST",
            "/v1/admin/dead_letters/{queue}/{id}/retry",
            async http => await ChangeAsync(http, isRetry: true) is { } refused ? refused : ApiResult.Success())
            .Describe(Operation.Read("retryDeadLetter", "Admin", "Retry a dead letter.", typeof(SuccessResponse)));
        Map(
            "DELETE",
            "/v1/admin/dead_letters/{queue}/{id}",
            async http => await ChangeAsync(http, isRetry: false) is { } refused ? refused : ApiResult.Deleted(RouteText.Of(http, "id")))
            .Describe(Operation.Read("dropDeadLetter", "Admin", "Drop a dead letter permanently.", typeof(DeletedResponse)));

        async ValueTask<ApiError?> ChangeAsync(HttpContext http, bool isRetry)
        {
            var name = RouteText.Of(http, "queue");
            if (!QueueNames.All.Contains(name)) return ApiError.NotFound("queue");
            return await letters.ChangeAsync(name, RouteText.Of(http, "id"), isRetry, AdminApi.AddressOf(http), http.RequestAborted)
                ? null
                : ApiError.NotFound("dead letter");
        }

        IEndpointConventionBuilder Map(string method, string pattern, Func<HttpContext, ValueTask<ApiResult>> handle) =>
            api.Map(routes, method, pattern, handle);
    }
}
