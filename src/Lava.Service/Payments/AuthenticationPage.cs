using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Lava.Core.Money;
using Lava.Service.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Payments;

/// <summary>The page on which a test payment is authenticated, in place of a bank's. Who knows the payment's address may end it, so the address holds a secret.</summary>
public static class AuthenticationPage
{
    private const string Path = "/pay/authenticate/{payment}/{secret}";

    /// <summary>Maps it.</summary>
    public static void MapAuthenticationPage(this IEndpointRouteBuilder routes)
    {
        var processor = routes.ServiceProvider.GetRequiredService<SimulatedProcessor>();
        var listeners = routes.ServiceProvider.GetServices<IPaymentListener>().ToList();
        routes.MapGet(Path, (Delegate)(async (HttpContext http, string payment, string secret) =>
        {
            var stored = await FindAsync(processor, payment, secret, http.RequestAborted);
            await WriteAsync(http, stored is null ? 404 : 200, stored is null ? "<p>There is no such payment.</p>" : Body(stored.Payment));
        })).ExcludeFromDescription();
        routes.MapPost(Path, (Delegate)(async (HttpContext http, string payment, string secret) =>
        {
            if (await FindAsync(processor, payment, secret, http.RequestAborted) is not { } stored)
            {
                await WriteAsync(http, 404, "<p>There is no such payment.</p>");
                return;
            }

            var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
            var ended = await processor.AuthenticateAsync(payment, form["result"] == "complete", http.RequestAborted);
            foreach (var listener in listeners) await listener.PaymentEndedAsync(stored with { Payment = ended }, CancellationToken.None);
            if (stored.ReturnUrl is { Scheme: "https" or "http" } back)
            {
                http.Response.Redirect(back.AbsoluteUri);
                return;
            }

            await WriteAsync(http, 200, Body(ended));
        })).DisableAntiforgery().ExcludeFromDescription();
    }

    private static async ValueTask<StoredPayment?> FindAsync(SimulatedProcessor processor, string payment, string secret, CancellationToken cancellationToken)
    {
        var stored = await processor.FindStoredAsync(payment, cancellationToken);
        return stored?.Secret is { } known && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret)) ? stored : null;
    }

    private static string Body(Payment payment)
    {
        var amount = HtmlEncoder.Default.Encode(Amount.Trimmed(payment.Amount));
        return payment.Status switch
        {
            PaymentStatus.RequiresAction => $"""
                <p>Test payment of <strong>{amount} USD</strong>. A bank would ask who you are; here you choose.</p>
                <form method="post"><button name="result" value="complete">Complete</button> <button name="result" value="fail">Fail</button></form>
                """,
            PaymentStatus.Succeeded => $"<p>The payment of {amount} USD is complete. You can close this page.</p>",
            _ => $"<p>The payment of {amount} USD was not made. You can close this page.</p>",
        };
    }

    private static async Task WriteAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        await http.Response.WriteAsync($$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Authenticate a test payment</title>
            <style>body{font:16px system-ui;max-width:30rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
            <h1>Authenticate</h1>{{body}}</html>
            """, http.RequestAborted);
    }
}
