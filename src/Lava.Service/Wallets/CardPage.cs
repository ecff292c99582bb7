using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Billing;
using Lava.Service.Pages;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Lava.Service.Wallets;

/// <summary>The page on which a test card is given, in place of the processor's. Who knows its address may add a card, so the address holds a secret.</summary>
internal sealed class CardPage(SimulatedProcessor processor, CardTriggers cards) : IEndpoints
{
    private const string Path = "/pay/card/{setup}/{secret}";
    private const string Title = "Add a test card";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async http =>
        {
            var setup = RouteText.Of(http, "setup");
            var secret = RouteText.Of(http, "secret");
            if (await processor.FindSetupByPageAsync(setup, secret, http.RequestAborted) is { } stored)
            {
                await WriteAsync(http, 200, stored.Setup, stored.ReturnUrl);
            }
            else await WriteUnknownAsync(http);
        }).ExcludeFromDescription();
        routes.MapPost(Path, async http =>
        {
            var setup = RouteText.Of(http, "setup");
            var secret = RouteText.Of(http, "secret");
            if (await processor.FindSetupByPageAsync(setup, secret, http.RequestAborted) is not { } stored)
            {
                await WriteUnknownAsync(http);
                return;
            }

            if (await PaymentPages.ReadFieldAsync(http, "token") is not { } token || !TestCard.All.ContainsKey(token))
            {
                await WriteAsync(http, 400, stored.Setup, stored.ReturnUrl);
                return;
            }

            var done = await processor.GiveCardAsync(setup, token, CancellationToken.None);
            if (done.Method is { } given) await cards.GivenAsync(stored.Owner, given.Id, CancellationToken.None);
            if (PaymentPages.Back(stored.ReturnUrl) is { } back) HtmlPage.SeeOther(http, QueryHelpers.AddQueryString(back.AbsoluteUri, "setup_id", setup));
            else await WriteAsync(http, 200, done, null);
        }).DisableAntiforgery().ExcludeFromDescription();
    }

    private static Task WriteUnknownAsync(HttpContext http) => PaymentPages.WriteAsync(http, 404, Title, "<p>This page does not exist.</p>", null);

    private static Task WriteAsync(HttpContext http, int status, CardSetup setup, Uri? returnUrl)
    {
        if (setup.Status != CardSetupStatus.Waiting)
            return PaymentPages.WriteAsync(http, status, Title, "<p>Your card is saved. You can close this page.</p>", null);
        var cards = TestCard.All.Values.Distinct().Select(card => $"<option value=\"{card.Token}\">{card.Number} {Does(card)}</option>");
        return PaymentPages.WriteAsync(http, status, Title, $"""
            <p>No card is charged. In live mode this is the payment processor's page.</p>
            <form method="post"><select name="token" aria-label="Test card">{string.Concat(cards)}</select> <button>Use this card</button></form>
            """, returnUrl);
    }

    private static string Does(TestCard card) => (card.Authentication, card.Decline) switch
    {
        (CardAuthentication.Never, null) => "pays",
        (CardAuthentication.Never, var decline) => decline.Code,
        (_, null) => "must be authenticated",
        (_, var decline) => "must be authenticated, then " + decline.Code,
    };
}
