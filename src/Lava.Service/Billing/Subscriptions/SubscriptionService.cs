using System.Collections.Concurrent;
using Lava.Core.Billing;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Plans;
using Lava.Service.Storage;
using Lava.Service.Webhooks;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>What can be asked of a customer's subscription (behaviour.md §6.2).</summary>
public sealed class SubscriptionService(
    BillingBooks books,
    Biller biller,
    PlanLookup plans,
    SubscriptionIndex index,
    ClockTime clocks,
    PaymentFlow payments,
    TimeProvider time)
{
    private const int MaxKnown = 200_000;

    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a stored customer's billing with its first subscription, unless it is open.</summary>
    public ValueTask EnsureOpenAsync(BillingOwner owner, CancellationToken cancellationToken) =>
        _open.ContainsKey(owner.CustomerId) ? ValueTask.CompletedTask : OpenAsync(owner, cancellationToken);

    /// <summary>Puts a customer on a free plan, now.</summary>
    /// <returns>Whether anything changed; the refusal where the customer's plan is paid for.</returns>
    public async ValueTask<(bool IsNew, ApiError? Error)> AssignFreeAsync(BillingOwner owner, Plan plan, CancellationToken cancellationToken)
    {
        if (!plan.IsFree) return (false, ApiError.PlanNotFree());
        var terms = await plans.GetEverAsync(owner.Tenant, plan.Id, cancellationToken);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription) return (false, ApiError.NoActiveSubscription());
            if (subscription.PlanId == plan.Id) return (false, null);
            var current = await plans.GetEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);
            if (current.PeriodAmount > 0) return (false, ApiError.PlanNotFree("The customer is on a paid plan. Cancel it, or change it through a checkout."));
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            var isDone = await biller.ApplyAsync(owner, now, (edit, before) =>
            {
                if (before != subscription) return null;
                var next = Lifecycle.Change(edit, subscription with { Pending = null }, terms, now);
                return new BillingChange(next, [OutboxItem.Tell(EventNames.SubscriptionChanged, next.CycleName)]);
            }, cancellationToken);
            if (isDone) return (true, null);
        }
    }

    /// <summary>Moves a customer to a plan: a dearer one at once, against payment; a cheaper one when the cycle ends (behaviour.md §6.2); from one free plan to
    /// another at once. The plan that the customer has already is kept, whatever was planned instead.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="purchase">How it is paid.</param>
    /// <param name="cancellationToken">Ends it before the payment is begun.</param>
    public async ValueTask<SubscribeResult> SubscribeAsync(BillingOwner owner, Plan plan, Purchase purchase, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || !purchase.IsFor(subscription))
                return new SubscribeResult(ApiError.NoActiveSubscription());
            if (await IsCompletedAsync(owner, purchase, cancellationToken)) return new SubscribeResult(null);
            if (subscription.Paying is not null)
            {
                if (await ClearPaymentAsync(owner, subscription.Paying, purchase, cancellationToken) is { } standing) return standing;
                continue;
            }

            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            if (subscription.PlanId == plan.Id)
            {
                if (subscription.PastDue is not null)
                {
                    if (await PayAsync(owner, subscription, plan.Id, purchase, now, cancellationToken) is { } paid) return paid;
                    continue;
                }

                if (subscription.Pending is null) return new SubscribeResult(ApiError.AlreadySubscribed());
                if (await biller.ApplyAsync(
                    owner,
                    now,
                    (_, before) => before != subscription ? null : Planned(subscription with { Pending = null }) with { CheckoutId = purchase.CheckoutId },
                    cancellationToken))
                    return new SubscribeResult(null);
                continue;
            }

            var current = await plans.GetEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);
            if (plan.PeriodAmount < current.PeriodAmount && subscription.PastDue is null)
            {
                if (await biller.ApplyAsync(
                    owner,
                    now,
                    (_, before) => before != subscription
                        ? null
                        : Planned(Lifecycle.PlanDowngrade(subscription, plan.Id)) with { CheckoutId = purchase.CheckoutId },
                    cancellationToken))
                    return new SubscribeResult(null);
                continue;
            }

            // Nothing is paid for a free plan. Who owes for a paid one pays for it or cancels it.
            if (plan.IsFree)
            {
                if (subscription.PastDue is not null) return new SubscribeResult(ApiError.SubscriptionPastDue());
                return new SubscribeResult((await AssignFreeAsync(owner, plan, cancellationToken)).Error);
            }

            var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Upgrade, plan.PeriodAmount, now);
            var intent = paying.Paying! with
            {
                PlanId = plan.Id,
                IncludedCredit = plan.IncludedCredit,
                PaymentMethodId = purchase.PaymentMethodId,
                ReturnUrl = purchase.ReturnUrl,
                CheckoutId = purchase.CheckoutId,
            };
            if (await biller.ChargeAsync(owner, subscription, paying with { Paying = intent }, now, cancellationToken) is { } payment)
                return new SubscribeResult(null, payment, intent.Key);
        }
    }

    /// <summary>Buys a bundle of the customer's plan.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="purchase">How it is paid.</param>
    /// <param name="cancellationToken">Ends it before the payment is begun.</param>
    public async ValueTask<SubscribeResult> BuyBundleAsync(BillingOwner owner, CreditBundle bundle, Purchase purchase, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || !purchase.IsFor(subscription))
                return new SubscribeResult(ApiError.NoActiveSubscription());
            if (await IsCompletedAsync(owner, purchase, cancellationToken)) return new SubscribeResult(null);
            if (subscription.PlanId != bundle.PlanId) return new SubscribeResult(ApiError.BundleNotInPlan());
            if (subscription.Paying is not null)
            {
                if (await ClearPaymentAsync(owner, subscription.Paying, purchase, cancellationToken) is { } standing) return standing;
                continue;
            }

            // Credits that cannot be spent are not sold.
            if (subscription.PastDue is not null) return new SubscribeResult(ApiError.SubscriptionPastDue());
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Bundle, bundle.Cost, now);
            var intent = paying.Paying! with
            {
                BundleId = bundle.Id,
                Credits = bundle.CreditAmount,
                PaymentMethodId = purchase.PaymentMethodId,
                ReturnUrl = purchase.ReturnUrl,
                CheckoutId = purchase.CheckoutId,
            };
            if (await biller.ChargeAsync(owner, subscription, paying with { Paying = intent }, now, cancellationToken) is { } payment)
                return new SubscribeResult(null, payment, intent.Key);
        }
    }

    /// <summary>Pays at once what a customer owes for a renewal that has failed. A payment that fails changes nothing of the attempts that come by
    /// themselves.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="subscriptionId">The subscription; null for the current one.</param>
    /// <param name="purchase">How it is paid.</param>
    /// <param name="cancellationToken">Ends it before the payment is begun.</param>
    public async ValueTask<SubscribeResult> PayAsync(BillingOwner owner, string? subscriptionId, Purchase purchase, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || (subscriptionId is not null && subscription.Id != subscriptionId))
                return new SubscribeResult(ApiError.NoActiveSubscription());
            if (subscription.Paying is not null)
            {
                if (await ClearPaymentAsync(owner, subscription.Paying, purchase, cancellationToken) is { } standing) return standing;
                continue;
            }

            if (subscription.PastDue is null) return new SubscribeResult(ApiError.NothingDue());
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            if (await PayAsync(owner, subscription, subscription.Pending?.PlanId ?? subscription.PlanId, purchase, now, cancellationToken) is { } paid)
                return paid;
        }
    }

    /// <summary>Gives up the payment of a checkout session while the customer's bank asks, so that it can be paid in another way. One that was paid meanwhile
    /// is booked.</summary>
    public async ValueTask GiveUpAsync(BillingOwner owner, string checkoutId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(owner, cancellationToken) is not { Paying: { ReturnUrl: not null } paying } || paying.CheckoutId != checkoutId) return;
        await biller.FinishPaymentAsync(owner, paying.Key, await payments.GiveUpAsync(owner, paying, cancellationToken), cancellationToken);
    }

    /// <summary>A customer has another card: what could not be paid is tried with it at once.</summary>
    public async ValueTask CardGivenAsync(BillingOwner owner, string paymentMethodId, CancellationToken cancellationToken)
    {
        if (await ReadAsync(owner, cancellationToken) is not { } subscription) return;
        if (subscription.PastDue is not null)
        {
            await PayAsync(owner, subscription.Id, new Purchase(paymentMethodId), cancellationToken);
            return;
        }

        if (subscription.TopUpDeclines == 0) return;
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        await biller.ApplyAsync(
            owner,
            now,
            (_, before) => before is null || Lifecycle.RetryTopUp(before) is var after && after == before ? null : new BillingChange(after, []),
            cancellationToken);
    }

    /// <summary>Asks that a subscription end with its cycle; one whose renewal is not paid ends now. Repeating it changes nothing.</summary>
    public async ValueTask<bool> CancelAsync(BillingOwner owner, string subscriptionId, CancellationToken cancellationToken)
    {
        var free = await plans.GetFreeAsync(owner.Tenant, cancellationToken);
        var nextId = NewId(owner.Tenant);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || subscription.Id != subscriptionId) return false;
            if (subscription.Pending is { IsCancellation: true }) return true;
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            var isDone = await biller.ApplyAsync(owner, now, (edit, before) =>
            {
                if (before != subscription) return null;
                return subscription is { PastDue: not null, Paying: null }
                    ? PaymentFlow.Fallback(edit, subscription, free, nextId, now)
                    : Planned(Lifecycle.Cancel(subscription));
            }, cancellationToken);
            if (isDone) return true;
        }
    }

    /// <summary>Sets or clears the bundle that is bought when the credits are used up; if they are, it is bought now.</summary>
    public async ValueTask<ApiError?> SetTopUpAsync(BillingOwner owner, string subscriptionId, string? bundleId, CancellationToken cancellationToken)
    {
        var bundle = bundleId is null ? null : await plans.FindBundleAsync(owner.Tenant, bundleId, cancellationToken);
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || subscription.Id != subscriptionId)
                return ApiError.NotFound("subscription");
            if (bundleId is not null && bundle?.PlanId != subscription.PlanId) return ApiError.BundleNotInPlan();
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            if (await biller.ApplyAsync(
                owner,
                now,
                (edit, before) => before != subscription ? null : new BillingChange(Lifecycle.SetTopUp(edit, subscription, PlanLookup.OfferOf(bundle)), []),
                cancellationToken))
                return null;
        }
    }

    /// <summary>Sets the most that automatic purchases may take; what a limit has held back is tried again.</summary>
    /// <returns>The refusal; null where it is done.</returns>
    public async ValueTask<ApiError?> SetTopUpLimitsAsync(BillingOwner owner, string subscriptionId, TopUpLimits? limits, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription || subscription.Id != subscriptionId)
                return ApiError.NotFound("subscription");
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            if (await biller.ApplyAsync(
                owner,
                now,
                (_, before) => before != subscription ? null : new BillingChange(Lifecycle.SetTopUpLimits(subscription, limits), []),
                cancellationToken))
                return null;
        }
    }

    /// <summary>Gives (or, negative, takes) credits by hand.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="amount">Credits, not 0. Given ones end as those of a bundle do.</param>
    /// <param name="description">Why, in the merchant's words.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Number of the entry; null where the billing is closed.</returns>
    public async ValueTask<long?> AdjustAsync(BillingOwner owner, decimal amount, string description, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(owner, cancellationToken) is not { } subscription) return null;
            var terms = await plans.GetEverAsync(owner.Tenant, subscription.PlanId, cancellationToken);
            var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
            long? number = null;
            var isDone = await biller.ApplyAsync(owner, now, (edit, before) =>
            {
                if (before != subscription) return null;
                if (amount > 0)
                {
                    Credits.Grant(edit, CreditKind.Bundle, amount, Lifecycle.BundleEnd(edit, subscription, terms), EntryReason.Adjustment, description);
                }
                else Credits.Take(edit, -amount, EntryReason.Adjustment, description);
                number = edit.Head.Sequence;
                return new BillingChange(before, [OutboxItem.Tell(EventNames.BalanceUpdated, $"{before.Id}:{number}")]);
            }, cancellationToken);
            if (isDone) return number;
        }
    }

    /// <summary>Gives a customer's card payment back, in parts or as a whole, up to what was paid; also where the customer was deleted. What was bought with it
    /// stays;
    /// <see cref="AdjustAsync"/> takes credits back.</summary>
    /// <param name="owner">The customer.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="amount">US dollars, whole cents, more than 0; null for all that is left.</param>
    /// <param name="cancellationToken">Ends it before it is booked.</param>
    /// <returns>Number of the entry; the refusal otherwise.</returns>
    public async ValueTask<(long? Entry, ApiError? Error)> RefundAsync(
        BillingOwner owner,
        string paymentId,
        decimal? amount,
        CancellationToken cancellationToken)
    {
        if (await payments.FindOwnAsync(owner, paymentId, cancellationToken) is not { } payment) return (null, ApiError.NotFound("payment"));
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        var rowKey = BookRows.GivenBack(paymentId);
        long? number = null;
        var left = 0m;
        await biller.ApplyAsync(owner, now, rowKey, (edit, before, row) =>
        {
            // What the processor has given back without a row here was given back before parts were counted.
            var booked = row is { } known ? Json.Read(known, BillingJson.Default.Decimal) : payment.Refunded;
            left = payment.Amount - booked;
            var due = amount ?? left;
            if (before is null || due <= 0 || due > left) return null;
            number = edit.Post(EntryReason.Refund, paymentId, new Posting(Account.Payments, due), new Posting(Account.Refunds, -due));
            List<OutboxItem> outbox =
            [
                new(OutboxItemKind.Refund, paymentId, Amount: due, Key: $"{paymentId}:{number}"),
                OutboxItem.Credit(paymentId, booked + due, now),
            ];
            return new BillingChange(before, outbox)
            {
                Rows = [TableWrite.Put(rowKey, Json.Write(booked + due, BillingJson.Default.Decimal))],
            };
        }, cancellationToken);
        if (number is not null) return (number, null);
        return (
            null,
            left <= 0
                ? ApiError.AlreadyRefunded()
                : ApiError.Validation(Issue.At("amount", $"amount must be at most the rest of the payment: {Amount.Trimmed(left)}.")));
    }

    /// <summary>Ends a customer's billing, because the customer is deleted. Repeating it changes nothing.</summary>
    public async ValueTask CloseAsync(BillingOwner owner, CancellationToken cancellationToken)
    {
        var now = await clocks.NowAsync(owner.Tenant, owner.ClockId, cancellationToken);
        await biller.ApplyAsync(owner, now, (edit, before) =>
        {
            if (before is not { CancelledAt: null }) return null;
            var ended = Lifecycle.End(edit, before, now);
            return new BillingChange(
                ended,
                [
                    new OutboxItem(OutboxItemKind.ListCancelled, ended.Id),
                    OutboxItem.Tell(EventNames.SubscriptionCancelled, ended.Id),
                    OutboxItem.Tell(EventNames.CustomerDeleted, owner.CustomerId),
                ],
                ended);
        }, cancellationToken);
    }

    /// <summary>Whose subscription it is; null where there is none of that id.</summary>
    public ValueTask<string?> FindCustomerAsync(Tenant tenant, string subscriptionId, CancellationToken cancellationToken) =>
        index.FindCustomerAsync(tenant, subscriptionId, cancellationToken);

    // Null where the subscription has changed meanwhile and is to be read again.
    private async ValueTask<SubscribeResult?> PayAsync(
        BillingOwner owner,
        Subscription subscription,
        string planId,
        Purchase purchase,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var terms = await plans.GetEverAsync(owner.Tenant, planId, cancellationToken);
        if (terms.IsWithdrawn && planId == subscription.PlanId) return new SubscribeResult(ApiError.PlanWithdrawn());
        if (terms.PeriodAmount == 0)
        {
            var isDone = await biller.ApplyAsync(
                owner,
                now,
                (edit, before) => before != subscription
                    ? null
                    : PaymentFlow.Renewed(edit, subscription with { Pending = null }, terms, now, skipsMissed: false),
                cancellationToken);
            return isDone ? new SubscribeResult(null) : null;
        }

        var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Renewal, terms.PeriodAmount, now);
        var intent = paying.Paying! with
        {
            PlanId = planId,
            PaymentMethodId = purchase.PaymentMethodId,
            ReturnUrl = purchase.ReturnUrl,
            CheckoutId = purchase.CheckoutId,
            IsAsked = true,
        };
        var payment = await biller.ChargeAsync(owner, subscription, paying with { Paying = intent }, now, cancellationToken);
        return payment is null ? null : new SubscribeResult(null, payment, intent.Key);
    }

    // A payment that waits for the cardholder gives way to what the customer wants now: it is given up at the processor first, and if it was paid at that very
    // moment, it is booked and counts. Null where the subscription is to be read again.
    private async ValueTask<SubscribeResult?> ClearPaymentAsync(
        BillingOwner owner,
        PaymentIntent paying,
        Purchase purchase,
        CancellationToken cancellationToken)
    {
        // Nobody waits at a bank for it; it ends by itself in a moment.
        if (paying.ReturnUrl is null) return new SubscribeResult(ApiError.PaymentInProgress());

        // The same form, sent twice.
        if (purchase.CheckoutId is not null && purchase.CheckoutId == paying.CheckoutId && purchase.PaymentMethodId == paying.PaymentMethodId)
            return new SubscribeResult(null, await payments.AskAsync(owner, paying, cancellationToken), paying.Key);
        await biller.FinishPaymentAsync(owner, paying.Key, await payments.GiveUpAsync(owner, paying, cancellationToken), cancellationToken);
        return null;
    }

    private async ValueTask OpenAsync(BillingOwner owner, CancellationToken cancellationToken)
    {
        if (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken) is null && !await biller.OpenAsync(owner, cancellationToken)) return;
        if (_open.Count >= MaxKnown) _open.Clear();
        _open[owner.CustomerId] = true;
    }

    private async ValueTask<Subscription?> ReadAsync(BillingOwner owner, CancellationToken cancellationToken) =>
        (await books.ReadAsync(owner.Tenant, owner.CustomerId, cancellationToken))?.Subscription is { CancelledAt: null } subscription ? subscription : null;

    // Asked after the subscription was read: one that is completed later has changed the subscription, so nothing is begun from what was read.
    private async ValueTask<bool> IsCompletedAsync(BillingOwner owner, Purchase purchase, CancellationToken cancellationToken) =>
        purchase.CheckoutId is { } checkout && await books.CheckedOutAtAsync(owner, checkout, cancellationToken) is not null;

    private string NewId(Tenant tenant) => Id.Create(SubscriptionIndex.Prefix, tenant.Mode, time.GetUtcNow());

    private static BillingChange Planned(Subscription subscription) =>
        new(
            subscription,
            [OutboxItem.Tell(
                EventNames.SubscriptionChanged,
                $"{subscription.CycleName}:{subscription.Pending?.PlanId ?? (subscription.Pending is null ? "kept" : "cancelled")}")]);
}
