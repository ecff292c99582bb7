using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;
using Lava.Service.Ports.Payments;
using Lava.Service.Webhooks;
using Microsoft.Extensions.Options;

namespace Lava.Service.Billing;

/// <summary>Does what is due for a customer, step by step, each in one transaction that checks that it is still due: running it twice, or on two instances at
/// once, does everything once.</summary>
public sealed class Biller(
    BillingBooks books,
    Outbox outbox,
    DueIndex due,
    PlanLookup plans,
    PaymentFlow payments,
    IFirstSubscriptions firsts,
    ClockTime clocks,
    IOptions<BillingOptions> options,
    TimeProvider time)
{
    /// <summary>How long after it was listed a customer may still be stored: far longer than a request lasts, or the clocks of two servers differ.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromHours(1);

    private readonly BillingRules _rules = options.Value.Rules;

    /// <summary>Does what is due for a customer now.</summary>
    public async ValueTask RunAsync(BillingOwner owner, CancellationToken cancellationToken)
    {
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        await RunAsync(owner, now, now, isListed: false, null, cancellationToken);
    }

    /// <summary>Brings a payment that waited for the customer's bank to its end, before the time at which it would be looked at.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="key">The payment's key. Nothing happens if another payment is under way, or none.</param>
    /// <param name="known">The payment as the caller has just heard of it; null to ask.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask FinishPaymentAsync(BillingOwner owner, string key, Payment? known, CancellationToken cancellationToken)
    {
        if (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken) is not { } state || state.Subscription.Paying?.Key != key) return;
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        var mark = await due.PutAsync(owner, now, cancellationToken);
        await payments.FinishAsync(owner, state.Subscription, known, now, cancellationToken);
        await RunAsync(mark, now, now, cancellationToken);
    }

    /// <summary>Opens a stored customer's billing and does what follows from it. A process that dies on the way leaves the rest to the timer.</summary>
    /// <returns>Whether it is open.</returns>
    internal async ValueTask<bool> OpenAsync(BillingOwner owner, CancellationToken cancellationToken) =>
        await RunAsync(await due.PutOpeningAsync(owner, time.GetUtcNow(), cancellationToken), CancellationToken.None);

    /// <summary>Does what a row of the due-time index asks for, at the time by which its customer lives.</summary>
    /// <returns>False where the row stays: its customer is not stored yet.</returns>
    internal async ValueTask<bool> RunAsync(DueEntry entry, CancellationToken cancellationToken)
    {
        var now = await clocks.NowAsync(entry.Owner.Tenant, entry.Owner.ClockId, cancellationToken);
        return await RunAsync(entry, now, now, cancellationToken);
    }

    /// <summary>Does what a row of the due-time index asks for.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="from">The time as it is before.</param>
    /// <param name="until">The time up to which things are done: a test clock does each at its own time, real time does all now.</param>
    /// <param name="cancellationToken">Ends it between steps.</param>
    /// <returns>False where the row stays: its customer is not stored yet.</returns>
    internal async ValueTask<bool> RunAsync(DueEntry entry, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        (await RunAsync(entry, from, until, null, cancellationToken)).IsDone;

    /// <summary>Begins a payment and brings it as far as it goes without the cardholder. What is left to be done survives a crash at any point.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="before">The subscription as the caller has read it.</param>
    /// <param name="paying">The subscription with the payment.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it before the payment is begun.</param>
    /// <returns>What became of the payment; null where the subscription has changed meanwhile, and nothing is begun.</returns>
    internal async ValueTask<Payment?> ChargeAsync(
        BillingOwner owner, Subscription before, Subscription paying, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var intent = paying.Paying!;
        var mark = await due.PutAsync(owner, now, cancellationToken);
        var changed = await books.ChangeAsync(owner, now, (_, stored) => stored != before ? null : new BillingChange(paying, []), cancellationToken);
        var (_, payment) = await RunAsync(mark, now, now, intent.Key, CancellationToken.None);
        if (changed is null) return null;

        // The timer or another instance has brought it to its end: only the processor knows what became of it.
        return payment ?? await payments.AskAsync(owner, intent, cancellationToken);
    }

    /// <summary>Changes a customer's billing and does what follows from it. What is left to be done survives a crash at any point.</summary>
    /// <returns>Whether the change was made.</returns>
    internal ValueTask<bool> ApplyAsync(
        BillingOwner owner,
        DateTimeOffset now,
        Func<BookEdit, Subscription?, BillingChange?> change,
        CancellationToken cancellationToken) =>
        ApplyAsync(owner, now, null, (edit, before, _) => change(edit, before), cancellationToken);

    /// <summary>The same with another row of the book (<see cref="BillingBooks"/>).</summary>
    internal async ValueTask<bool> ApplyAsync(
        BillingOwner owner,
        DateTimeOffset now,
        string? rowKey,
        Func<BookEdit, Subscription?, ReadOnlyMemory<byte>?, BillingChange?> change,
        CancellationToken cancellationToken)
    {
        // Listed as due before it is done: if this process dies in between, the timer finds the rest.
        var mark = await due.PutAsync(owner, now, cancellationToken);
        var changed = await books.ChangeAsync(owner, now, rowKey, change, cancellationToken);
        await RunAsync(mark, now, now, CancellationToken.None);
        return changed is not null;
    }

    // Beside what the index is told goes what became of the payment of that key, if it was asked for on the way.
    private async ValueTask<(bool IsDone, Payment? Payment)> RunAsync(
        DueEntry entry, DateTimeOffset from, DateTimeOffset until, string? key, CancellationToken cancellationToken)
    {
        var (isOpen, payment) = await RunAsync(entry.Owner, from, until, isListed: true, key, cancellationToken);
        if (!isOpen && await OpenBookAsync(entry.Owner, from, cancellationToken))
            (isOpen, payment) = await RunAsync(entry.Owner, from, until, isListed: true, key, cancellationToken);

        // Customers are listed before they are stored. The request that stores this one may be under way. After a while it has failed.
        if (!isOpen && DueIndex.IsInRealTime(entry) && time.GetUtcNow() - DueIndex.TimeOf(entry) < Underway) return (false, payment);
        await due.DeleteAsync(entry, cancellationToken);
        return (true, payment);
    }

    // Not open where the customer has no book.
    private async ValueTask<(bool IsOpen, Payment? Payment)> RunAsync(
        BillingOwner owner, DateTimeOffset moment, DateTimeOffset until, bool isListed, string? key, CancellationToken cancellationToken)
    {
        DueEntry? mark = null;
        Payment? payment = null;
        for (var hasChanged = isListed; ; hasChanged = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await outbox.PerformAsync(owner, cancellationToken);
            if (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken) is not { } state) return (false, payment);
            var (step, at) = Lifecycle.Next(state.Subscription, state.Head, moment);
            if (step == BillingStep.None) break;
            if (at > until)
            {
                if (hasChanged) await due.PutAsync(owner, at, cancellationToken);
                break;
            }

            if (at > moment) moment = at;

            // A step that ends in a wait (a declined top-up) is listed after it: who dies in between must have left something that is found.
            if (!isListed) mark ??= await due.PutAsync(owner, moment, cancellationToken);
            if (step == BillingStep.FinishPayment)
            {
                var asked = await payments.FinishAsync(owner, state.Subscription, null, moment, cancellationToken);
                if (state.Subscription.Paying!.Key == key) payment = asked;
                continue;
            }

            await StepAsync(owner, state.Subscription, step, moment, cancellationToken);
        }

        if (mark is { } done) await due.DeleteAsync(done, cancellationToken);
        return (true, payment);
    }

    // False where there is no such customer.
    private async ValueTask<bool> OpenBookAsync(BillingOwner owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await firsts.FindAsync(owner.Tenant, owner.CustomerId, cancellationToken) is not { } subscription) return false;
        var terms = await plans.GetEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);
        await books.ChangeAsync(owner, now, (edit, before) =>
        {
            if (before is not null) return null;
            var first = Lifecycle.Open(edit, subscription.Id, terms, now);
            return new BillingChange(
                first,
                [
                    new OutboxItem(OutboxItemKind.ListActive, first.Id),
                    OutboxItem.Tell(EventNames.CustomerCreated, owner.CustomerId),
                    OutboxItem.Tell(EventNames.SubscriptionCreated, first.Id),
                ]);
        }, cancellationToken);
        return true;
    }

    private async ValueTask StepAsync(BillingOwner owner, Subscription subscription, BillingStep step, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (step == BillingStep.TopUp)
        {
            await BeginTopUpAsync(owner, subscription, now, cancellationToken);
            return;
        }

        var current = await plans.GetEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);

        // A plan that was withdrawn since is followed all the same, for one cycle: it was promised, and the dearer one was given up.
        var planned = subscription.Pending?.PlanId is { } planId ? await plans.GetEverAsync(owner.Tenant, planId, cancellationToken) : null;
        if (subscription.Pending is { IsCancellation: true } || (planned is null && current.IsWithdrawn))
        {
            await EndAsync(owner, subscription, now, cancellationToken);
            return;
        }

        var terms = planned ?? current;
        await books.ChangeAsync(owner, now, (edit, before) =>
        {
            if (before != subscription) return null;
            if (terms.PeriodAmount > 0)
            {
                var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Renewal, terms.PeriodAmount, now);
                return new BillingChange(paying with { Paying = paying.Paying! with { PlanId = terms.PlanId } }, []);
            }

            return PaymentFlow.Renewed(edit, subscription with { Pending = null }, terms, now, skipsMissed: false);
        }, cancellationToken);
    }

    private async ValueTask EndAsync(BillingOwner owner, Subscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var free = await plans.GetFreeAsync(owner.Tenant, cancellationToken);
        var nextId = Id.Create(SubscriptionIndex.Prefix, owner.Tenant.Mode, time.GetUtcNow());
        await books.ChangeAsync(
            owner,
            now,
            (edit, before) => before == subscription ? PaymentFlow.Fallback(edit, subscription, free, nextId, now) : null,
            cancellationToken);
    }

    private static IEnumerable<OutboxItem> Told(Subscription subscription, TopUpOffer offer, BookHead head, bool isCapped, DateTimeOffset now)
    {
        if (subscription.TopUpAgreed is { } agreed && agreed.Against(offer) == agreed && agreed != offer)
        {
            yield return OutboxItem.Tell(
                EventNames.PriceChanged,
                $"{subscription.Id}:{offer.BundleId}:{Amount.Trimmed(offer.Cost)}:{Amount.Trimmed(offer.Credits)}",
                ("credit_bundle_id", offer.BundleId), ("charged_cost", Amount.Trimmed(agreed.Cost)), ("cost", Amount.Trimmed(offer.Cost)));
        }

        if (isCapped)
        {
            yield return OutboxItem.Tell(
                EventNames.TopUpCapped,
                $"{subscription.CycleName}:{now.UtcDateTime:yyyyMMdd}",
                ("credit_bundle_id", offer.BundleId),
                ("owed", Amount.Trimmed(-head.Balance(Account.Credits))));
        }
    }

    private async ValueTask BeginTopUpAsync(BillingOwner owner, Subscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var bundle = await plans.FindBundleAsync(owner.Tenant, subscription.TopUpBundleId!, cancellationToken);
        await books.ChangeAsync(owner, now, (edit, before) =>
        {
            // A charge of the same moment may have been followed by a purchase of the customer's own.
            if (before != subscription || edit.Head.Balance(Account.Credits) > 0) return null;
            if (bundle is null || bundle.PlanId != subscription.PlanId) return new BillingChange(Lifecycle.SetTopUp(edit, subscription, null), []);
            var offer = PlanLookup.OfferOf(bundle)!;
            var (next, isCapped) = Lifecycle.BeginTopUp(subscription, edit.Head, offer, _rules, now);
            return new BillingChange(next, [.. Told(subscription, offer, edit.Head, isCapped, now)]);
        }, cancellationToken);
    }
}
