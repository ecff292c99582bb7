using System.Text.Encodings.Web;
using Lava.Core.Money;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Pages;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Payments;

/// <summary>The page on which a test payment is authenticated, in place of a bank's. Who knows the payment's address may end it, so the address holds a
/// secret.</summary>
internal sealed class AuthenticationPage(SimulatedProcessor processor, PaymentEvents events) : IEndpoints
{
    private const string Path = "/pay/authenticate/{payment}/{secret}";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async http =>
        {
            var payment = RouteText.Of(http, "payment");
            var secret = RouteText.Of(http, "secret");
            if (await processor.FindByPageAsync(payment, secret, http.RequestAborted) is { } stored)
            {
                await WriteAsync(http, 200, Body(stored.Payment), stored.ReturnUrl);
            }
            else await WriteUnknownAsync(http);
        }).ExcludeFromDescription();
        routes.MapPost(Path, async http =>
        {
            var payment = RouteText.Of(http, "payment");
            var secret = RouteText.Of(http, "secret");
            if (await processor.FindByPageAsync(payment, secret, http.RequestAborted) is not { } stored)
            {
                await WriteUnknownAsync(http);
                return;
            }

            if (await ReadChoiceAsync(http) is not { } isApproved)
            {
                await WriteAsync(http, 400, "<p>Choose Complete or Fail.</p>", null);
                return;
            }

            // One that has ended stays as it is, whatever is sent again.
            var ended = stored.Payment;
            if (ended.Status == PaymentStatus.RequiresAction)
                ended = await events.EndAsync(
                    payment,
                    stored.Key,
                    stored.Owner,
                    token => processor.AuthenticateAsync(payment, isApproved, token),
                    http.RequestAborted);
            if (PaymentPages.Back(stored.ReturnUrl) is { } back) HtmlPage.SeeOther(http, back.AbsoluteUri);
            else await WriteAsync(http, 200, Body(ended), null);
        }).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async ValueTask<bool?> ReadChoiceAsync(HttpContext http) => await PaymentPages.ReadFieldAsync(http, "result") switch { "complete" =>
        true, "fail" => false, _ => null };

    private static string Body(Payment payment)
    {
        var amount = HtmlEncoder.Default.Encode(Amount.Trimmed(payment.Amount));
        return payment.Status switch
        {
            PaymentStatus.RequiresAction => $"""
                <p>Test payment of <strong>{amount} USD</strong>. In live mode the bank confirms it here. Choose the result:</p>
                <form method="post"><button name="result" value="complete">Complete</button> <button name="result" value="fail">Fail</button></form>
                """,
            PaymentStatus.Succeeded => $"<p>The payment of {amount} USD is complete. You can close this page.</p>",
            _ => $"<p>The payment of {amount} USD failed. You can close this page.</p>",
        };
    }

    private static Task WriteUnknownAsync(HttpContext http) => WriteAsync(http, 404, "<p>This payment does not exist.</p>", null);

    private static Task WriteAsync(HttpContext http, int status, string body, Uri? returnUrl) =>
        PaymentPages.WriteAsync(http, status, "Confirm a test payment", body, returnUrl);
}
