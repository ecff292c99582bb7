using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Payments;

/// <summary><c>POST /stripe/webhook</c>: what the live processor reports. It needs no key of ours: the report is signed. A fault is answered with 500, and the
/// processor sends it again.</summary>
internal sealed class PaymentNotificationEndpoint(IPaymentNotifications? notifications = null) : IEndpoints
{
    private const int MaxBytes = 512 * 1024;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
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
