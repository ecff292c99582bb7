using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Webhooks.Mail;

/// <summary>Our own addition: <c>/v1/alerts/email</c>, by which alerts are mailed.</summary>
internal sealed class AlertMailEndpoints(ManagementApi api, AlertMailStore store) : IEndpoints
{
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "GET", "/alerts/email", async request => Show(await store.FindAsync(request.Tenant, request.Cancelled)))
            .Describe(Operation.Read("getAlertMail", "Alerts", "Show the e-mail alert settings.", typeof(AlertMailResponse)));

        api.Map(routes, "PUT", "/alerts/email", async request =>
        {
            if (!store.CanSend) return ApiError.MailNotConfigured();
            var fields = request.Fields();
            var list = AlertMailFields.Read(fields);
            if (fields.Error is { } invalid) return invalid;
            await store.SetAsync(request.Tenant, list, request.Cancelled);
            return Show(list);
        }).Describe(Operation.Change(
            "setAlertMail",
            "Alerts",
            "Send alerts by e-mail to up to ten addresses.",
            typeof(AlertMailBody),
            typeof(AlertMailResponse)));

        api.Map(routes, "DELETE", "/alerts/email", async request =>
        {
            await store.SetAsync(request.Tenant, null, request.Cancelled);
            return Show(null);
        }).Describe(Operation.Read("deleteAlertMail", "Alerts", "Remove the e-mail alert settings.", typeof(AlertMailResponse)));

        ApiResult Show(AlertMail? list)
        {
            var isEnabled = list is not null && store.CanSend;
            return ApiResult.Ok(new AlertMailResponse(isEnabled, list?.Addresses ?? [], list?.Events ?? []), AlertsJson.Default.AlertMailResponse);
        }
    }
}
