using System.Text.Json.Nodes;
using Lava.Console.Serving;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Webhooks;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Webhooks;

/// <summary>What is done with webhooks.</summary>
internal sealed class WebhookForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api, TimeProvider time) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        pages.Form(routes, "/webhooks", "Webhooks", "webhooks", CreateAsync);
        pages.Form(routes, "/webhooks/{id}/redeliver", "Webhook", "webhooks", RedeliverAsync);
        pages.Form(routes, "/webhooks/{id}/check", "Webhook", "webhooks", CheckAsync);
        pages.Form(routes, "/webhooks/{id}/rotate", "Webhook", "webhooks", RotateAsync);
        pages.Form(routes, "/webhooks/{id}/delete", "Webhook", "webhooks", DeleteAsync);
    }

    private async Task CreateAsync(CurrentVisit visit)
    {
        var body = new JsonObject { ["name"] = visit.Form["name"], ["url"] = visit.Form["url"] };
        var (made, error) = await api.SendAsync(visit, "POST", "/webhooks", body, WebhooksWire.Default.WebhookResponse);
        if (error is null)
        {
            await ShowAsync(visit, made!);
            return;
        }

        visit.Form = visit.Form with { Error = error };
        visit.Status = error.Status;
        await writer.WriteAsync<WebhooksPage>(visit);
    }

    private async Task RedeliverAsync(CurrentVisit visit)
    {
        var path = $"{Path(visit)}/deliveries/{Uri.EscapeDataString(visit.Form["delivery"])}/redeliver";
        await api.SendAsync(visit, "POST", path, null, WebhooksWire.Default.DeliveryResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/webhooks/" + Uri.EscapeDataString(visit.Id)));
    }

    // The secret comes from whoever asks and stays nowhere.
    private Task CheckAsync(CurrentVisit visit)
    {
        var (isRight, text) = SignatureCheck.Run(visit.Form["secret"], visit.Form["signature"], visit.Form["body"], time.GetUtcNow());
        visit.SignatureCheck = (isRight, text);
        return writer.WriteAsync<WebhookPage>(visit);
    }

    private async Task RotateAsync(CurrentVisit visit)
    {
        var (rotated, error) = await api.SendAsync(visit, "POST", Path(visit) + "/rotate", null, WebhooksWire.Default.WebhookResponse);
        if (error is null) await ShowAsync(visit, rotated!);
        else PageWriter.Redirect(visit.Http, visit.Link("/webhooks"));
    }

    private async Task DeleteAsync(CurrentVisit visit)
    {
        await api.SendAsync(visit, "DELETE", Path(visit), null, HttpJson.Default.DeletedResponse);
        PageWriter.Redirect(visit.Http, visit.Link("/webhooks"));
    }

    // The one page on which the secret stands.
    private async Task ShowAsync(CurrentVisit visit, WebhookResponse webhook)
    {
        visit.Http.Request.RouteValues["id"] = webhook.WebhookId;
        visit.Form = FormState.None with { Secret = webhook.WebhookSecret, SecretName = "the signing secret of " + webhook.Name };
        await writer.WriteAsync<WebhookPage>(visit);
    }

    private static string Path(CurrentVisit visit) => "/webhooks/" + Uri.EscapeDataString(visit.Id);
}
