using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Webhooks.Deliveries;
using Lava.Service.Webhooks.Mail;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Webhooks;

/// <summary><c>/v1/webhooks</c> (rest-api.md §12), and our own addition, the log of deliveries, that of mails too.</summary>
internal sealed class WebhookEndpoints(
    ManagementApi api,
    WebhookStore store,
    DeliveryStore deliveries,
    WebhookEvents events,
    WebhookTargets targets,
    TimeProvider time) : IEndpoints
{
    private const int MaxUrl = 2_048;

    // Seconds: a day, a week.
    private const int DefaultOverlap = 86_400;
    private const int MaxOverlap = 604_800;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/webhooks", async request =>
        {
            var fields = request.Fields();
            var name = fields.Text("name", isRequired: true);
            var url = ReadUrl(fields, targets, isRequired: true);
            if (fields.Error is { } invalid) return invalid;
            return await store.AddAsync(request.Tenant, name!, url!, request.Cancelled) is { } added
                ? ApiResult.Created(Show(added.Webhook) with { WebhookSecret = added.Secret }, WebhooksWire.Default.WebhookResponse)
                : ApiError.WebhookLimit();
        }).Describe(Operation.Created(
            "createWebhook",
            "Webhooks",
            "Create a webhook (at most three). Its secret is shown once.",
            typeof(WebhookBody),
            typeof(WebhookResponse)));

        api.Map(routes, "GET", "/webhooks", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            return await store.ListAsync(request.Tenant, page, request.Cancelled) is { } webhooks
                ? ApiResult.Ok(
                    Paging.Of<WebhookResponse>([.. webhooks.Select(Show)], page.Limit, webhook => webhook.WebhookId),
                    WebhooksWire.Default.ListResponseWebhookResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List("listWebhooks", "Webhooks", "List webhooks.", typeof(ListResponse<WebhookResponse>)));

        api.Map(routes, "GET", "/webhooks/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(Show(found.Webhook), WebhooksWire.Default.WebhookResponse)
                : ApiError.NotFound("webhook"))
            .Describe(Operation.Read("getWebhook", "Webhooks", "Show a webhook.", typeof(WebhookResponse)));

        api.Map(routes, "PATCH", "/webhooks/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("webhook");
                var fields = request.Fields();
                var changed = found.Webhook with
                {
                    Name = fields.Text("name") ?? found.Webhook.Name,
                    Url = ReadUrl(fields, targets, isRequired: false) ?? found.Webhook.Url,
                };
                if (fields.Error is { } invalid) return invalid;
                if (await store.ReplaceAsync(request.Tenant, changed, found.ETag, request.Cancelled))
                    return ApiResult.Ok(Show(changed), WebhooksWire.Default.WebhookResponse);
            }
        }).Describe(Operation.Change(
            "updateWebhook",
            "Webhooks",
            "Update a webhook's name or address.",
            typeof(UpdateWebhookBody),
            typeof(WebhookResponse)));

        api.Map(routes, "DELETE", "/webhooks/{id}", async request =>
        {
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("webhook");
                if (await store.DeleteAsync(request.Tenant, found.Webhook, found.ETag, request.Cancelled)) return ApiResult.Deleted(found.Webhook.Id);
            }
        }).Describe(Operation.Read("deleteWebhook", "Webhooks", "Delete a webhook permanently.", typeof(DeletedResponse)));

        api.Map(routes, "POST", "/webhooks/{id}/rotate", async request =>
        {
            var fields = request.Fields();
            var overlap = fields.Count("overlap_seconds", MaxOverlap, isWhole: true) ?? DefaultOverlap;
            if (fields.Error is { } invalid) return invalid;
            for (var round = 0; ; round = OptimisticRetry.Next(round))
            {
                if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("webhook");
                if (await store.RotateAsync(request.Tenant, found.Webhook, found.ETag, TimeSpan.FromSeconds((int)overlap), request.Cancelled) is { } rotated)
                    return ApiResult.Ok(Show(rotated.Webhook) with { WebhookSecret = rotated.Secret }, WebhooksWire.Default.WebhookResponse);
            }
        }).Describe(Operation.Change(
            "rotateWebhookSecret",
            "Webhooks",
            "Rotate a webhook's secret. The new one is shown once. The old one stays valid for a day, or for overlap_seconds.",
            typeof(RotateWebhookBody),
            typeof(WebhookResponse)));

        api.Map(routes, "GET", "/webhooks/{id}/deliveries", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is null) return ApiError.NotFound("webhook");
            return await ListAsync(request, request.Id, page);
        }).Describe(Operation.List(
            "listDeliveries",
            "Webhooks",
            "List a webhook's deliveries of the last thirty days.",
            typeof(ListResponse<DeliveryResponse>)));

        api.Map(routes, "GET", "/alerts/email/deliveries", async request =>
            ListQuery.TryRead(request.Query, out var page) is { } invalid ? invalid : await ListAsync(request, AlertMail.Target, page))
            .Describe(Operation.List(
                "listAlertMails",
                "Alerts",
                "List the mails of the last thirty days with their status.",
                typeof(ListResponse<DeliveryResponse>)));

        api.Map(routes, "POST", "/webhooks/{id}/deliveries/{delivery}/redeliver", async request =>
        {
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("webhook");
            var id = (string?)request.Http.Request.RouteValues["delivery"] ?? "";
            if (await deliveries.FindAsync(request.Tenant, found.Webhook.Id, id, request.Cancelled) is not { } delivery) return ApiError.NotFound("delivery");
            await events.RedeliverAsync(request.Tenant, found.Webhook.Id, id, request.Cancelled);
            return ApiResult.Ok(ShowDelivery(delivery.Delivery), WebhooksWire.Default.DeliveryResponse);
        }).Describe(Operation.Read("redeliver", "Webhooks", "Deliver an event again.", typeof(DeliveryResponse)));

        async ValueTask<ApiResult> ListAsync(ManagementRequest request, string target, ListQuery page) =>
            await deliveries.ListAsync(request.Tenant, target, page, request.Cancelled) is { } list
                ? ApiResult.Ok(
                    Paging.Of<DeliveryResponse>([.. list.Select(ShowDelivery)], page.Limit, delivery => delivery.DeliveryId),
                    WebhooksWire.Default.ListResponseDeliveryResponse)
                : ListQuery.UnknownCursor();

        WebhookResponse Show(Webhook webhook) =>
            new(
                webhook.Id,
                webhook.Name,
                webhook.Url,
                webhook.CreatedAt,
                PreviousSecretExpiresAt: webhook.PreviousUntil > time.GetUtcNow() ? webhook.PreviousUntil : null);
    }

    private static string? ReadUrl(RequestFields fields, WebhookTargets targets, bool isRequired)
    {
        if (fields.Text("url", MaxUrl, isRequired) is not { } url) return null;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && uri.Scheme is ("http" or "https")
            && uri.UserInfo.Length == 0
            && uri.Fragment.Length == 0
            && uri.Host.Length > 0)
        {
            if (targets.AllowsPort(uri.Port)) return url;
            fields.Fail($"url must use one of these ports: {targets.Ports}.", "url");
            return null;
        }

        fields.Fail("url must be an http or https address without user name and fragment.", "url");
        return null;
    }


    private static DeliveryResponse ShowDelivery(Delivery delivery) => new(
        delivery.Id,
        delivery.EventId,
        delivery.Event,
        delivery.Status switch { DeliveryStatus.Pending => "pending", DeliveryStatus.Succeeded => "succeeded", _ => "failed" },
        delivery.Attempts,
        delivery.LastStatusCode,
        delivery.LastError,
        delivery.NextAttemptAt,
        delivery.CreatedAt,
        delivery.DeliveredAt,
        delivery.Recipient);
}
