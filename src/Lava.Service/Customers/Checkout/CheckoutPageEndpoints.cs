using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Input;
using Lava.Service.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Customers.Checkout;

/// <summary><c>/embed/checkout/{secret}</c>: the page that the checkout SDK opens in a frame (rest-api.md §4.1). All that it knows is kept here under the
/// session's secret; it needs no cookie.</summary>
internal sealed class CheckoutPageEndpoints(CheckoutStore store, CheckoutFlow flow) : IEndpoints
{
    private const string Path = "/embed/checkout/{secret}";
    private const string ReturnPath = "/embed/checkout/return/{token}";

    /// <summary>In the query when the customer's bank has answered.</summary>
    private const string Returned = "returned";

    /// <summary>In the query when the customer comes from the processor's page with a card given.</summary>
    private const string CardGiven = "setup_id";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, async http =>
        {
            var secret = RouteText.Of(http, "secret");
            if (await store.FindBySecretAsync(secret, http.RequestAborted) is not { } session)
            {
                await CheckoutPage.Unknown().WriteAsync(http, 404);
                return;
            }

            var view = await flow.ShowAsync(session, http.RequestAborted);
            if (view.Stage == CheckoutStage.Open && http.Request.Query.ContainsKey(Returned)) view = view with { Problems = [Refusal(view)] };
            await CheckoutPage.Of(view, null, ReturnAddress(http, secret)).WriteAsync(http, 200);
        }).ExcludeFromDescription();

        routes.MapGet(ReturnPath, async http =>
        {
            if (await store.FindByReturnAsync(RouteText.Of(http, "token"), http.RequestAborted) is not { } session)
            {
                await CheckoutPage.Unknown().WriteAsync(http, 404);
                return;
            }

            var view = await flow.ShowAsync(session, http.RequestAborted);
            await CheckoutPage.Returned(view, http.Request.Query.ContainsKey(CardGiven) ? CheckoutPage.CardKept : Refusal(view)).WriteAsync(http, 200);
        }).ExcludeFromDescription();

        routes.MapPost(Path, async http =>
        {
            var secret = RouteText.Of(http, "secret");
            if (await store.FindBySecretAsync(secret, http.RequestAborted) is not { } session)
            {
                await CheckoutPage.Unknown().WriteAsync(http, 404);
                return;
            }

            if (await SmallForm.ReadAsync(http) is not { } sent)
            {
                await CheckoutPage.Of(await flow.ShowAsync(session, http.RequestAborted), null, ReturnAddress(http, secret)).WriteAsync(http, 400);
                return;
            }

            var form = CheckoutForm.Of(sent);
            var back = ReturnAddress(http, secret);
            var view = await flow.PayAsync(session, form, back, http.RequestAborted);

            // A form's redirect to elsewhere is what the page's own rule forbids: who has to go there is shown a link.
            if (view.CardPage is { } cardPage) await CheckoutPage.Leave(view, cardPage).WriteAsync(http, 200);
            else if (view.ActionUrl is { } action && !CheckoutPage.IsElsewhere(action)) HtmlPage.SeeOther(http, action.OriginalString);
            else if (view is { Stage: CheckoutStage.Open, Problems.Count: > 0 } or { Stage: CheckoutStage.Open, Form: null } && !form.GivesUp)
            {
                await CheckoutPage.Of(view, form, back).WriteAsync(http, 400);
            }
            else HtmlPage.SeeOther(http, ServerAddress.Of(http.Request) + $"embed/checkout/{secret}");
        }).DisableAntiforgery().ExcludeFromDescription();
    }

    private static Uri ReturnAddress(HttpContext http, string secret) =>
        new(ServerAddress.Of(http.Request), "embed/checkout/return/" + CheckoutStore.ReturnToken(secret));

    /// <summary>What the customer is told who comes back from the bank unpaid.</summary>
    private static string Refusal(CheckoutView view)
    {
        var why = view.Cards?.Where(card => card.ErrorMessage is not null).MaxBy(card => card.ErrorAt)?.ErrorMessage;
        return why is null ? "The payment failed. You can try again." : $"The payment failed. {why} You can try again.";
    }
}
