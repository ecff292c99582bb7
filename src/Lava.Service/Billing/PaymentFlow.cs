using System.Globalization;
using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Payments;
using Lava.Service.Ports.Payments;
using Lava.Service.Webhooks;
using Microsoft.Extensions.Options;

namespace Lava.Service.Billing;

/// <summary>Brings a payment that is under way to its end: the card is charged under the payment's own key, so asking again takes no more money, and what was
/// paid for is given in the transaction that books the money.</summary>
public sealed class PaymentFlow(BillingBooks books, IPaymentProcessor processor, PlanLookup plans, IOptions<BillingOptions> options, TimeProvider time)
{
    private readonly BillingRules _rules = options.Value.Rules;

    /// <summary>Asks the processor and books what became of it.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="subscription">The subscription, whose payment is under way.</param>
    /// <param name="known">The payment as the caller has just heard of it; null to ask. One that waits for its cardholder is asked for again, since it may
    /// have ended since.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The payment as it is now.</returns>
    public async ValueTask<Payment> FinishAsync(
        BillingOwner owner, Subscription subscription, Payment? known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var intent = subscription.Paying!;
        var payment = known is { Status: not PaymentStatus.RequiresAction } ? known : await AskAsync(owner, intent, cancellationToken);
        if (payment.Status == PaymentStatus.RequiresAction && (intent.CheckAt is null || intent.CheckAt > now))
        {
            await books.ChangeAsync(owner, now, (_, before) => before == subscription
                ? new BillingChange(subscription with { Paying = intent with { CheckAt = intent.CheckAt ?? now + Lifecycle.AuthenticationTime } }, [])
                : null, cancellationToken);
            return payment;
        }

        if (payment.Status == PaymentStatus.RequiresAction) payment = await processor.CancelAsync(payment.Id, cancellationToken);
        var terms = await plans.GetEverAsync(owner.Tenant, intent.PlanId ?? subscription.PlanId, cancellationToken);
        var free = await plans.GetFreeAsync(owner.Tenant, cancellationToken);
        var nextId = Id.Create(SubscriptionIndex.Prefix, owner.Tenant.Mode, time.GetUtcNow());
        await books.ChangeAsync(owner, now, (edit, before) =>
        {
            if (before != subscription) return null;
            return payment.Status == PaymentStatus.Succeeded
                ? Paid(edit, subscription, terms, payment.Id, now, !_rules.ChargeMissedCycles)
                : Declined(edit, subscription, free, nextId, now);
        }, cancellationToken);
        return payment;
    }

    /// <summary>The payment as it is now; it is made where it is not.</summary>
    public ValueTask<Payment> AskAsync(BillingOwner owner, PaymentIntent intent, CancellationToken cancellationToken) => processor.ChargeAsync(new ChargeRequest
    {
        Key = intent.Key,
        Owner = PaymentOwners.Customer(owner.Tenant, owner.CustomerId),
        PaymentMethodId = intent.PaymentMethodId,
        Amount = intent.Amount,
        Description = intent.Purpose is PaymentPurpose.Renewal or PaymentPurpose.Upgrade ? "Subscription" : "Credits",
        IsOffSession = intent.ReturnUrl is null,
        ReturnUrl = intent.ReturnUrl,

        // The checkout's page is the one that runs the script.
        AuthenticatesInPage = intent.CheckoutId is not null,
    }, cancellationToken);

    /// <summary>Gives up a payment that waits for the cardholder. One that has ended meanwhile stays as it is.</summary>
    /// <returns>The payment, which has ended.</returns>
    public async ValueTask<Payment> GiveUpAsync(BillingOwner owner, PaymentIntent intent, CancellationToken cancellationToken)
    {
        var payment = await AskAsync(owner, intent, cancellationToken);
        return payment.Status == PaymentStatus.RequiresAction ? await processor.CancelAsync(payment.Id, cancellationToken) : payment;
    }

    /// <summary>A payment of this customer that has succeeded and is booked; null where there is none of that id.</summary>
    public async ValueTask<Payment?> FindOwnAsync(BillingOwner owner, string paymentId, CancellationToken cancellationToken) =>
        await books.IsPaidAsync(owner, paymentId, cancellationToken)
            && await processor.FindAsync(paymentId, cancellationToken) is { Status: PaymentStatus.Succeeded } payment
            ? payment
            : null;

    /// <summary>A cycle has ended and the next begins, as planned or as before.</summary>
    /// <param name="edit">The book.</param>
    /// <param name="subscription">The subscription, whose cycle is over.</param>
    /// <param name="terms">The plan of the next cycle.</param>
    /// <param name="now">The time.</param>
    /// <param name="skipsMissed">Whether cycles that went by while the server was off are passed over; the merchant is told of them.</param>
    public static BillingChange Renewed(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now, bool skipsMissed)
    {
        var isOther = terms.PlanId != subscription.PlanId;
        var next = isOther ? Lifecycle.Downgrade(edit, subscription, terms, now, skipsMissed) : Lifecycle.Renew(edit, subscription, terms, now, skipsMissed);
        List<OutboxItem> outbox =
        [
            OutboxItem.Tell(isOther ? EventNames.SubscriptionChanged : EventNames.SubscriptionRenewed, next.CycleName),
            Balance(next, edit),
        ];
        if (skipsMissed && subscription.PastDue is null && Lifecycle.Missed(next, subscription) is > 0 and var missed)
        {
            outbox.Add(OutboxItem.Tell(
                EventNames.CyclesSkipped,
                next.CycleName,
                ("cycles", missed.ToString(CultureInfo.InvariantCulture)),
                ("amount", Amount.Trimmed(missed * Lifecycle.RoundUp(terms.PeriodAmount)))));
        }

        return new BillingChange(next, outbox);
    }

    /// <summary>A subscription has ended and the customer is on the Free plan again.</summary>
    public static BillingChange Fallback(BookEdit edit, Subscription subscription, PlanTerms free, string nextId, DateTimeOffset now)
    {
        var ended = Lifecycle.End(edit, subscription, now);

        // What automatic purchases have taken today counts on, whatever the plan.
        var next = Lifecycle.Open(edit, nextId, free, now) with
        {
            TopUpServed = ended.TopUpServed,
            TopUpSpend = ended.TopUpSpend,
            TopUpLimits = ended.TopUpLimits,
        };
        return new BillingChange(
            next,
            [
                new OutboxItem(OutboxItemKind.ListCancelled, ended.Id),
                new OutboxItem(OutboxItemKind.ListActive, next.Id),
                OutboxItem.Tell(EventNames.SubscriptionCancelled, ended.Id),
                OutboxItem.Tell(EventNames.SubscriptionCreated, next.Id),
            ],
            ended);
    }

    private static BillingChange Paid(BookEdit edit, Subscription subscription, PlanTerms terms, string paymentId, DateTimeOffset now, bool skipsMissed)
    {
        var intent = subscription.Paying!;
        Lifecycle.BookPayment(edit, intent, paymentId);
        switch (intent.Purpose)
        {
            case PaymentPurpose.Renewal:
                var renewed = Renewed(edit, Lifecycle.Settle(subscription), terms, now, skipsMissed);
                return renewed with
                {
                    Outbox = [OutboxItem.Invoice(Sold(terms, renewed.Subscription)), .. renewed.Outbox],
                    PaymentId = paymentId,
                    CheckoutId = intent.CheckoutId,
                };
            case PaymentPurpose.Upgrade:
                
                // What was shown is what is given, whatever has become of the plan while the bank was asked.
                var shown = intent.IncludedCredit is { } credit ? terms with { IncludedCredit = credit } : terms;
                var upgraded = Lifecycle.Change(edit, Lifecycle.Settle(subscription), shown, now);
                return new BillingChange(
                    upgraded,
                    [
                        OutboxItem.Invoice(Sold(shown, upgraded)),
                        OutboxItem.Tell(EventNames.SubscriptionChanged, upgraded.CycleName),
                        Balance(upgraded, edit),
                    ],
                    PaymentId: paymentId,
                    CheckoutId: intent.CheckoutId);
            default:
                var filled = Lifecycle.AddBundle(edit, subscription, intent, terms, paymentId);
                var kind = intent.Purpose == PaymentPurpose.TopUp ? SaleKind.TopUp : SaleKind.Bundle;
                var invoice = OutboxItem.Invoice(new Sale(paymentId, kind, intent.Amount, now, terms.PlanId, intent.BundleId, intent.Credits));
                OutboxItem[] told = intent.Purpose == PaymentPurpose.TopUp
                    ? [invoice, OutboxItem.Tell(EventNames.TopUpSucceeded, intent.Key), Balance(filled, edit)]
                    : [invoice, Balance(filled, edit)];
                return new BillingChange(filled, told, PaymentId: paymentId, CheckoutId: intent.CheckoutId);
        }

        Sale Sold(PlanTerms plan, Subscription cycle) => new(
            paymentId,
            SaleKind.Subscription,
            intent.Amount,
            now,
            plan.PlanId,
            Credits: plan.IncludedCredit,
            Start: cycle.CycleStart,
            End: cycle.CycleEnd);
    }

    private static BillingChange Declined(BookEdit edit, Subscription subscription, PlanTerms free, string nextId, DateTimeOffset now)
    {
        var intent = subscription.Paying!;
        var told = OutboxItem.Tell(EventNames.PaymentFailed, intent.Key);
        switch (intent.Purpose)
        {
            case PaymentPurpose.Renewal when Lifecycle.FailRenewal(edit, subscription, now) is { } waiting:
                return new BillingChange(
                    waiting,
                    subscription.PastDue is null
                        ? [told, OutboxItem.Tell(EventNames.SubscriptionPastDue, subscription.CycleName, ("amount_due", Amount.Trimmed(intent.Amount)))]
                        : [told]);
            case PaymentPurpose.Renewal:
                var ended = Fallback(edit, subscription, free, nextId, now);
                return ended with { Outbox = [told, .. ended.Outbox] };
            case PaymentPurpose.TopUp:
                return new BillingChange(Lifecycle.FailTopUp(subscription, now), [told]);
            default:
                return new BillingChange(subscription with { Paying = null }, [told]);
        }
    }

    private static OutboxItem Balance(Subscription subscription, BookEdit edit) =>
        OutboxItem.Tell(EventNames.BalanceUpdated, $"{subscription.Id}:{edit.Head.Sequence}");
}
