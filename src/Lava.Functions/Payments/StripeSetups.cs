using Lava.Service.Ports.Payments;
using Stripe;
using Stripe.Checkout;

namespace Lava.Functions.Payments;

/// <summary>Cards given on Stripe's own page, which are Checkout Sessions that set up and charge nothing (Stripe, "Save a customer's payment method without
/// making a payment"), or in Stripe's form in a page of ours, which are SetupIntents (Stripe, "Setup Intents"; Stripe.js, "Confirm a setup"). A SetupIntent's
/// client secret is asked for each time it is shown.</summary>
internal sealed class StripeSetups(StripeAccess stripe, StripeCustomers customers, StripeCards cards)
{
    private const string SessionPrefix = "cs_";
    private const string IntentPrefix = "seti_";

    /// <summary>Whether the operator has given the key that the form needs.</summary>
    public bool HasForm => stripe.Options.PublishableKey is not null;

    public async ValueTask<CardSetup> CreateAsync(string owner, Uri returnUrl, CancellationToken cancellationToken)
    {
        var session = await ForCustomerAsync(owner, customer => OpenAsync(owner, customer, returnUrl, cancellationToken), cancellationToken);
        return new CardSetup { Id = session.Id, Status = CardSetupStatus.Waiting, PageUrl = new Uri(session.Url) };
    }

    public async ValueTask<CardSetup> CreateFormAsync(string owner, CancellationToken cancellationToken)
    {
        if (!HasForm) throw new InvalidOperationException("Stripe__PublishableKey is not set.");
        return Waiting(await ForCustomerAsync(owner, customer => MakeAsync(owner, customer, cancellationToken), cancellationToken));
    }

    public async ValueTask<CardSetup?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var isIntent = StripeIds.IsId(id, IntentPrefix);
        if ((!isIntent && !StripeIds.IsId(id, SessionPrefix)) || await customers.FindAsync(owner, cancellationToken) is not { } customer) return null;
        var (setup, card) = isIntent ? await FindIntentAsync(owner, customer, id, cancellationToken) : await FindSessionAsync(customer, id, cancellationToken);
        if (card is null) return setup;

        // Once: a card that has lost its rank since does not take it back.
        await cards.TakeAsDefaultAsync(owner, customer, card, "setup|" + id, cancellationToken);
        return new CardSetup { Id = id, Status = CardSetupStatus.Complete, Method = await cards.ShowAsync(owner, customer, card, cancellationToken) };
    }

    private async ValueTask<(CardSetup? Setup, string? Card)> FindSessionAsync(string customer, string id, CancellationToken cancellationToken)
    {
        var answer = await stripe.CallAsync(
            client => client.V1.Checkout.Sessions.GetAsync(id, new SessionGetOptions { Expand = ["setup_intent"] }, cancellationToken: cancellationToken),
            cancellationToken);
        if (answer.IsMissing) return (null, null);
        var session = answer.Required();
        if (session.CustomerId != customer || session.Mode != "setup") return (null, null);
        if (session.Status == "open") return (new CardSetup { Id = id, Status = CardSetupStatus.Waiting, PageUrl = new Uri(session.Url) }, null);
        return session.Status == "complete" && session.SetupIntent?.PaymentMethodId is { } card ? (null, card) : (GivenUp(id), null);
    }

    private async ValueTask<(CardSetup? Setup, string? Card)> FindIntentAsync(string owner, string customer, string id, CancellationToken cancellationToken)
    {
        var answer = await stripe.CallAsync(client => client.V1.SetupIntents.GetAsync(id, cancellationToken: cancellationToken), cancellationToken);
        if (answer.IsMissing) return (null, null);
        var intent = answer.Required();

        // Those of Stripe's own page do not name the owner; they are found by their session.
        if (intent.CustomerId != customer || intent.Metadata?.GetValueOrDefault(StripeCustomers.OwnerField) != owner) return (null, null);
        if (intent.Status == "canceled") return (GivenUp(id), null);
        return intent.Status == "succeeded" ? (null, intent.PaymentMethodId) : (Waiting(intent), null);
    }

    private static CardSetup GivenUp(string id) => new() { Id = id, Status = CardSetupStatus.GivenUp };

    private CardSetup Waiting(SetupIntent intent) => new()
    {
        Id = intent.Id, Status = CardSetupStatus.Waiting, Form = stripe.Options.PublishableKey is { } key ? new CardForm(key, intent.ClientSecret) : null,
    };

    private async ValueTask<T> ForCustomerAsync<T>(string owner, Func<string, ValueTask<StripeAnswer<T>>> create, CancellationToken cancellationToken)
        where T : class
    {
        var customer = await customers.GetAsync(owner, cancellationToken);
        var answer = await create(customer);
        if (answer is { IsMissing: true, Error.Param: "customer" })
        {
            // Removed at Stripe by hand.
            await customers.ForgetAsync(owner, customer, cancellationToken);
            answer = await create(await customers.GetAsync(owner, cancellationToken));
        }

        return answer.Required();
    }

    private ValueTask<StripeAnswer<SetupIntent>> MakeAsync(string owner, string customer, CancellationToken cancellationToken)
    {
        var options = new SetupIntentCreateOptions
        {
            Customer = customer,
            AllowedPaymentMethodTypes = ["card"],
            Usage = "off_session",
            Metadata = new Dictionary<string, string> { [StripeCustomers.OwnerField] = owner },
        };
        return stripe.CallAsync(client => client.V1.SetupIntents.CreateAsync(options, cancellationToken: cancellationToken), cancellationToken);
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
            AllowedPaymentMethodTypes = ["card"],
            SuccessUrl = success,
            CancelUrl = returnUrl.AbsoluteUri,
            Metadata = new Dictionary<string, string> { [StripeCustomers.OwnerField] = owner },
        };
        return stripe.CallAsync(client => client.V1.Checkout.Sessions.CreateAsync(options, cancellationToken: cancellationToken), cancellationToken);
    }
}
