using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Payments;

/// <summary><c>POST /stripe/webhook</c>: what the live processor reports. It needs no key of ours: the report is signed. A fault is answered with 500, and the
/// processor sends it again.</summary>
internal static class PaymentNotificationEndpoint
{
    private const int MaxBytes = 512 * 1024;

    /// <summary>Maps it.</summary>
    public static void MapPaymentNotifications(this IEndpointRouteBuilder routes)
    {
        var notifications = routes.ServiceProvider.GetService<IPaymentNotifications>();
        routes.MapPost("/stripe/webhook", async http =>
        {
            if (notifications is null)
            {
                await ErrorWriter.WriteAsync(http, ApiError.RouteNotFound());
                return;
            }

            if (await RequestBody.ReadAsync(http.Request.Body, http.Request.ContentLength, MaxBytes, http.RequestAborted) is not { } body)
            {
                await ErrorWriter.WriteAsync(http, ApiError.TooLarge(MaxBytes));
                return;
            }

            var signature = http.Request.Headers["Stripe-Signature"].ToString();
            if (!await notifications.TakeAsync(body, signature.Length == 0 ? null : signature, http.RequestAborted))
            {
                await ErrorWriter.WriteAsync(http, ApiError.SignatureInvalid());
                return;
            }

            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"received":true}""", http.RequestAborted);
        }).DisableAntiforgery().ExcludeFromDescription();
    }
}
