using Lava.Service.Api;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Webhooks.Mail;

/// <summary>Our own addition: <c>/v1/alerts/email</c>, by which alerts are mailed.</summary>
internal static class AlertMailEndpoints
{
    public static void MapAlertMail(this IEndpointRouteBuilder routes)
    {
        var store = routes.ServiceProvider.GetRequiredService<AlertMailStore>();

        ManagementApi.Map(routes, "GET", "/alerts/email", async request => Show(await store.FindAsync(request.Tenant, request.Cancelled)));

        ManagementApi.Map(routes, "PUT", "/alerts/email", async request =>
        {
            if (!store.CanSend) return ApiError.MailNotConfigured();
            var fields = request.Fields();
            var list = AlertMailFields.Read(request.Body, fields);
            if (fields.Error is { } invalid) return invalid;
            await store.SetAsync(request.Tenant, list, request.Cancelled);
            return Show(list);
        });

        ManagementApi.Map(routes, "DELETE", "/alerts/email", async request =>
        {
            await store.SetAsync(request.Tenant, null, request.Cancelled);
            return Show(null);
        });

        ApiResult Show(AlertMail? list)
        {
            var isEnabled = list is not null && store.CanSend;
            return ApiResult.Ok(new AlertMailResponse(isEnabled, list?.Addresses ?? [], list?.Events ?? []), AlertsJson.Default.AlertMailResponse);
        }
    }
}
