using Lava.Service.Ports;
using Stripe.Checkout;

namespace Lava.Functions.Payments;

/// <summary>Cards given on Stripe's own page: Checkout Sessions that set up and charge nothing (Stripe, "Save a customer's payment method without making a payment").</summary>
internal sealed class StripeSetups(StripeAccess stripe, StripeCustomers customers, StripeCards cards)
{
    private const string IdPrefix = "cs_";

    public async ValueTask<CardSetup> CreateAsync(string owner, Uri returnUrl, CancellationToken cancellationToken)
    {
        var customer = await customers.GetAsync(owner, cancellationToken);
        var answer = await OpenAsync(owner, customer, returnUrl, cancellationToken);
        if (answer is { IsMissing: true, Error.Param: "customer" })
        {
            // Removed at Stripe by hand.
            await customers.ForgetAsync(owner, customer, cancellationToken);
            answer = await OpenAsync(owner, await customers.GetAsync(owner, cancellationToken), returnUrl, cancellationToken);
        }

        var session = answer.Required();
        return new CardSetup { Id = session.Id, Status = CardSetupStatus.Waiting, PageUrl = new Uri(session.Url) };
    }

    public async ValueTask<CardSetup?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        if (!StripeIds.IsId(id, IdPrefix) || await customers.FindAsync(owner, cancellationToken) is not { } customer) return null;
        var answer = await stripe.CallAsync(client => client.V1.Checkout.Sessions.GetAsync(id, new SessionGetOptions { Expand = ["setup_intent"] }, cancellationToken: cancellationToken), cancellationToken);
        if (answer.IsMissing) return null;
        var session = answer.Required();
        if (session.CustomerId != customer || session.Mode != "setup") return null;
        if (session.Status == "open") return new CardSetup { Id = id, Status = CardSetupStatus.Waiting, PageUrl = new Uri(session.Url) };
        if (session.Status != "complete" || session.SetupIntent?.PaymentMethodId is not { } card) return new CardSetup { Id = id, Status = CardSetupStatus.GivenUp };

        // Once: a card that has lost its rank since does not take it back.
        await cards.TakeAsDefaultAsync(owner, customer, card, "setup|" + id, cancellationToken);
        return new CardSetup { Id = id, Status = CardSetupStatus.Complete, Method = await cards.ShowAsync(owner, customer, card, cancellationToken) };
    }

    private ValueTask<StripeAnswer<Session>> OpenAsync(string owner, string customer, Uri returnUrl, CancellationToken cancellationToken)
    {
        // Stripe puts the session's id where the braces stand, so they must reach it as they are.
        var back = returnUrl.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
        var success = $"{back}{(returnUrl.Query.Length == 0 ? '?' : '&')}setup_id={{CHECKOUT_SESSION_ID}}{returnUrl.Fragment}";
        var options = new SessionCreateOptions
        {
            Mode = "setup",
            Customer = customer,
            PaymentMethodTypes = ["card"],
            SuccessUrl = success,
            CancelUrl = returnUrl.AbsoluteUri,
            Metadata = new Dictionary<string, string> { [StripeCustomers.OwnerField] = owner },
        };
        return stripe.CallAsync(client => client.V1.Checkout.Sessions.CreateAsync(options, cancellationToken: cancellationToken), cancellationToken);
    }
}
