using Lava.Service.Api.Errors;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;
using Lava.Service.Ports.Payments;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Customers.Checkout;

/// <summary>Brings a customer through a checkout. What was bought is marked in the customer's book by the transaction that books the money, so a session gives
/// what it sells once, however often its page is sent and whatever dies in between.</summary>
internal sealed class CheckoutFlow(
    CheckoutStore store,
    CheckoutCustomers customers,
    PlanStore plans,
    SubscriptionService subscriptions,
    BillingBooks books,
    Biller biller,
    PaymentFlow payments,
    IPaymentProcessor processor,
    TimeProvider time)
{
    /// <summary>How far a checkout is. A payment that has ended meanwhile is brought to its end.</summary>
    public ValueTask<CheckoutView> ShowAsync(CheckoutSession session, CancellationToken cancellationToken) => ShowAsync(session, null, cancellationToken);

    // What has just become of a purchase is taken as it is, and the processor is not asked again.
    private async ValueTask<CheckoutView> ShowAsync(CheckoutSession session, SubscribeResult? made, CancellationToken cancellationToken)
    {
        var offer = await FindOfferAsync(session, cancellationToken);
        if (session.CompletedAt is not null) return new CheckoutView(session, CheckoutStage.Completed, offer);
        var hasForm = processor.HasForm(PaymentOwners.Merchant(session.Tenant));
        if (session.CustomerId is null)
            return new CheckoutView(session, IsOpen(session, offer) ? CheckoutStage.Open : CheckoutStage.Closed, offer) { HasForm = hasForm };
        if (await customers.FindAsync(session, cancellationToken) is not { } customer) return new CheckoutView(session, CheckoutStage.Closed, offer);

        var owner = await customers.OpenAsync(session, customer, cancellationToken);
        if (await books.ReadAsync(session.Tenant, customer.Id, cancellationToken) is { Subscription.Paying: { } paying } && paying.CheckoutId == session.Id)
        {
            var outcome = made?.PaymentKey == paying.Key ? made.Payment : null;
            var payment = outcome ?? await payments.AskAsync(owner, paying, CancellationToken.None);
            if (payment.Status == PaymentStatus.RequiresAction)
                return new CheckoutView(session, CheckoutStage.Authenticating, offer, customer, ActionUrl: payment.ActionUrl) { Form = payment.ActionForm };
            await biller.FinishPaymentAsync(owner, paying.Key, payment, CancellationToken.None);
        }

        if (await FindCompletionAsync(session, owner, cancellationToken) is { } completed)
            return new CheckoutView(completed, CheckoutStage.Completed, offer, customer);
        if (!IsOpen(session, offer)) return new CheckoutView(session, CheckoutStage.Closed, offer, customer);
        (session, var form) = await FindFormAsync(session, cancellationToken);
        return new CheckoutView(
            session,
            CheckoutStage.Open,
            offer,
            customer,
            await processor.ListMethodsAsync(CardOwner(session), cancellationToken)) { HasForm = hasForm, Form = form };
    }

    /// <summary>Pays for what is sold, with the card that the customer has chosen or entered.</summary>
    /// <param name="session">The session.</param>
    /// <param name="form">What the customer sent.</param>
    /// <param name="returnUrl">The page to which the bank or the processor sends the customer back; it is stored, so it does not hold the secret.</param>
    /// <param name="cancellationToken">Ends it before anything is begun.</param>
    /// <returns>How far it is then, with what was wrong.</returns>
    public async ValueTask<CheckoutView> PayAsync(CheckoutSession session, CheckoutForm form, Uri returnUrl, CancellationToken cancellationToken)
    {
        var view = await ShowAsync(session, cancellationToken);
        if (view is { Stage: CheckoutStage.Authenticating, Customer: { } waiting } && form.GivesUp)
        {
            await subscriptions.GiveUpAsync(await customers.OpenAsync(view.Session, waiting, cancellationToken), session.Id, CancellationToken.None);
            return await ShowAsync(view.Session, CancellationToken.None);
        }

        if (view.Stage != CheckoutStage.Open || form.GivesUp) return view;
        session = view.Session;
        var terms = form.Terms.Length > 0 ? form.Terms : session.Terms;
        if (terms is not null && terms != view.Offer!.Terms)
            return view with { Problems = ["The price or the content has changed. Check it again before you pay."] };
        var wantsToGive = session.IsLive && form.WantsToGive;
        var given = form.SetupId.Length > 0 && session.CustomerId is not null
            ? (await processor.FindSetupAsync(CardOwner(session), form.SetupId, cancellationToken))?.Method
            : null;
        var kept = given ?? view.Cards?.FirstOrDefault(card => card.Id == form.CardId);
        var entered = kept is null && !session.IsLive ? TestCard.All.GetValueOrDefault(form.CardNumber) : null;
        if (kept is null && entered is null && !wantsToGive)
            return view with { Problems = [session.IsLive ? "Choose a card, or add one." : "This is not a valid test card. Try 4242 4242 4242 4242."] };
        if (view.Customer is null)
        {
            var (registered, problems) = await customers.RegisterAsync(session, form, cancellationToken);
            if (registered is null) return view with { Problems = problems };
            session = registered;
        }

        if (await customers.FindAsync(session, cancellationToken) is not { } customer) return await ShowAsync(session, cancellationToken);
        if (wantsToGive)
        {
            // In live mode no card's number comes here: it is given to the processor, and is one of the kept ones afterwards.
            if (view.HasForm) return view with { Session = session, Customer = customer, Form = view.Form ?? await BeginFormAsync(session, cancellationToken) };
            var setup = await processor.CreateSetupAsync(CardOwner(session), returnUrl, cancellationToken);
            return view with { Session = session, CardPage = setup.PageUrl };
        }

        var owner = await customers.OpenAsync(session, customer, cancellationToken);
        var cardId = kept?.Id;
        if (entered is not null)
        {
            var added = await processor.AddMethodAsync(CardOwner(session), entered.Token, CancellationToken.None);
            if (!added.IsAdded) return (await ShowAsync(session, CancellationToken.None)) with { Problems = [ApiError.CardRefused(added).Message] };
            cardId = added.Method.Id;
        }

        // One that was entered earlier and is not the one that pays does not become the default.
        var isNew = entered is not null || given is not null;
        session = await store.ChangeAsync(
            session,
            stored => isNew || stored.NewCardId == cardId ? stored with { NewCardId = cardId } : stored with { NewCardId = null },
            CancellationToken.None);

        var purchase = new Purchase(cardId, returnUrl, session.Id);
        var result = view.Offer!.Plan is { } plan
            ? await subscriptions.SubscribeAsync(owner, plan, purchase, CancellationToken.None)
            : await subscriptions.BuyBundleAsync(owner, view.Offer.Bundle!, purchase, CancellationToken.None);
        var after = await ShowAsync(session, result, CancellationToken.None);
        if (after.Stage != CheckoutStage.Open || result.IsDone) return after;
        return after with { Problems = [result.Error?.Message ?? result.Payment?.Message ?? "The payment failed."] };
    }

    /// <summary>What the processor's form needs, where the customer has asked for it and has given no card yet. A card that was given is one of the kept ones,
    /// whoever heard of it.</summary>
    private async ValueTask<(CheckoutSession Session, CardForm? Form)> FindFormAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        if (session.SetupId is not { } id) return (session, null);
        var setup = await processor.FindSetupAsync(CardOwner(session), id, cancellationToken);
        if (setup?.Form is { } form) return (session, form);
        return (
            await store.ChangeAsync(
                session,
                stored => stored.SetupId != id ? stored : stored with { SetupId = null, NewCardId = setup?.Method?.Id ?? stored.NewCardId },
                cancellationToken),
            null);
    }

    private async ValueTask<CardForm?> BeginFormAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        var setup = await processor.CreateFormAsync(CardOwner(session), cancellationToken);
        await store.ChangeAsync(session, stored => stored with { SetupId = setup.Id }, cancellationToken);
        return setup.Form;
    }

    private async ValueTask<CheckoutOffer?> FindOfferAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        if (session.PlanId is { } planId)
            return (await plans.FindAsync(session.Tenant, planId, cancellationToken))?.Plan is { } plan ? new CheckoutOffer(plan, null) : null;
        return await plans.FindBundleAsync(session.Tenant, session.BundleId!, cancellationToken) is { } bundle ? new CheckoutOffer(null, bundle) : null;
    }

    private bool IsOpen(CheckoutSession session, CheckoutOffer? offer) => offer is not null && time.GetUtcNow() < session.CreatedAt + CheckoutSession.Lifetime;

    private async ValueTask<CheckoutSession?> FindCompletionAsync(CheckoutSession session, BillingOwner owner, CancellationToken cancellationToken)
    {
        if (await books.CheckedOutAtAsync(owner, session.Id, cancellationToken) is not { } at) return null;
        if (session.NewCardId is { } card) await processor.SetDefaultMethodAsync(CardOwner(session), card, cancellationToken);
        return await store.ChangeAsync(session, stored => stored with { CompletedAt = at }, cancellationToken);
    }

    private static string CardOwner(CheckoutSession session) => PaymentOwners.Customer(session.Tenant, session.CustomerId!);
}
