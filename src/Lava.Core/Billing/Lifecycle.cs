using Lava.Core.Ledger;

namespace Lava.Core.Billing;

/// <summary>The life of a subscription: how it opens, renews, changes its plan and ends, and what that does to the credits (behaviour.md §6).</summary>
public static class Lifecycle
{
    /// <summary>Days after the first failure on which a renewal is tried again; after the last it is cancelled.</summary>
    private static readonly int[] RetryDays = [1, 3, 5, 7];

    /// <summary>Hours until a declined top-up is tried again, by the number of declines; after the last it waits for a change of the subscription or a new card.</summary>
    private static readonly int[] TopUpHours = [1, 6, 24, 72];

    /// <summary>How long a customer may take to authenticate a payment with the bank.</summary>
    public static readonly TimeSpan AuthenticationTime = TimeSpan.FromHours(1);

    /// <summary>Begins a subscription with its first cycle.</summary>
    public static Subscription Open(BookEdit edit, string id, PlanTerms terms, DateTimeOffset now)
    {
        var subscription = new Subscription { Id = id, PlanId = terms.PlanId, StartedAt = now, Anchor = now, Interval = terms.Interval, TopUpBundleId = terms.TopUpBundleId };
        Include(edit, subscription, terms);
        return subscription;
    }

    /// <summary>What is to be done next and from when on.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="balance">The credits left.</param>
    /// <param name="now">The time; a top-up that waits for nothing is due now.</param>
    public static (BillingStep Step, DateTimeOffset At) Next(Subscription subscription, decimal balance, DateTimeOffset now)
    {
        if (subscription.CancelledAt is not null) return (BillingStep.None, DateTimeOffset.MaxValue);
        if (subscription.Paying is { } paying) return (BillingStep.FinishPayment, paying.CheckAt ?? paying.At);
        if (subscription.PastDue is { } pastDue) return (BillingStep.RetryRenewal, pastDue.RetryAt);
        var topUpAt = subscription.TopUpBundleId is null || balance > 0 ? DateTimeOffset.MaxValue : subscription.TopUpNotBefore ?? now;

        // A new cycle brings credits, which may make the top-up needless.
        return topUpAt < subscription.CycleEnd ? (BillingStep.TopUp, topUpAt) : (BillingStep.EndCycle, subscription.CycleEnd);
    }

    /// <summary>Begins the next cycle of the same plan: what has run out ends, what is carried becomes rollover, the plan's credits are added.</summary>
    /// <param name="edit">The book.</param>
    /// <param name="subscription">The subscription; its cycle is over.</param>
    /// <param name="terms">The plan as it is now.</param>
    /// <param name="now">A renewal that was paid late begins the cycle that is now under way: no one pays for time without service.</param>
    public static Subscription Renew(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now)
    {
        var end = subscription.CycleEnd;
        var next = subscription with { Cycle = subscription.Cycle + 1, PastDue = null };
        while (subscription.PastDue is not null && next.CycleEnd <= now) next = next with { Cycle = next.Cycle + 1 };
        Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
        Carry(edit, next, terms);
        Include(edit, next, terms);
        return next;
    }

    /// <summary>Changes the plan now: a new cycle begins. Cycle credits are kept where the old plan carries them over; bundle credits are kept
    /// (behaviour.md §6.2).</summary>
    public static Subscription Change(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now)
    {
        var next = subscription with
        {
            PlanId = terms.PlanId,
            Interval = terms.Interval,
            Anchor = now,
            Cycle = 0,
            Era = subscription.Era + 1,
            PastDue = null,
            TopUpBundleId = terms.TopUpBundleId,
            TopUpDeclines = 0,
            TopUpNotBefore = null,
        };
        Credits.Expire(edit, lot => lot.IsCycle && lot.ExpiresAt is not null, subscription.Id);
        Carry(edit, next, terms);
        Include(edit, next, terms);
        return next;
    }

    /// <summary>Follows a downgrade at the end of the cycle: credits end as at any cycle's end, then the cheaper plan begins its count there.</summary>
    public static Subscription Downgrade(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now)
    {
        var end = subscription.CycleEnd;
        Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
        return Change(edit, subscription, terms, subscription.PastDue is null ? end : now);
    }

    /// <summary>Ends a subscription: its cycle credits end with it, and so do bundle credits that the plan does not carry over.</summary>
    public static Subscription End(BookEdit edit, Subscription subscription, DateTimeOffset now)
    {
        Credits.Expire(edit, lot => lot.IsCycle || lot.ExpiresAt is not null, subscription.Id);
        return subscription with { CancelledAt = now, Pending = null, PastDue = null, Paying = null };
    }

    /// <summary>Asks for a cancellation at the end of the cycle.</summary>
    public static Subscription Cancel(Subscription subscription) => subscription with { Pending = new PendingChange(null) };

    /// <summary>Asks for a cheaper plan from the next cycle on.</summary>
    public static Subscription PlanDowngrade(Subscription subscription, string planId) => subscription with { Pending = new PendingChange(planId) };

    /// <summary>Begins a payment.</summary>
    /// <param name="subscription">The subscription; it has none under way.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="amount">US dollars; rounded up to the cent (behaviour.md §5.4).</param>
    /// <param name="now">When.</param>
    public static Subscription BeginPayment(Subscription subscription, PaymentPurpose purpose, decimal amount, DateTimeOffset now)
    {
        var number = subscription.Payments + 1;
        var intent = new PaymentIntent($"{subscription.Id}:{number}", purpose, Math.Ceiling(amount * 100) / 100, now) { Replaces = subscription.Pending };
        return subscription with { Payments = number, Paying = intent };
    }

    /// <summary>The subscription without its payment, and without the pending change that the payment has fulfilled or replaced.</summary>
    public static Subscription Settle(Subscription subscription) =>
        subscription with { Paying = null, Pending = subscription.Pending == subscription.Paying?.Replaces ? null : subscription.Pending };

    /// <summary>Books a payment that succeeded: the card's money against what was sold.</summary>
    public static void BookPayment(BookEdit edit, PaymentIntent payment, string paymentId)
    {
        var sold = payment.Purpose is PaymentPurpose.Renewal or PaymentPurpose.Upgrade ? Account.SubscriptionFees : Account.BundleSales;
        edit.Post(EntryReason.CardCharge, paymentId, new Posting(Account.Payments, -payment.Amount), new Posting(sold, payment.Amount));
    }

    /// <summary>Adds the credits of a bundle that was paid for; they are part of the current cycle.</summary>
    public static Subscription AddBundle(BookEdit edit, Subscription subscription, PaymentIntent payment, PlanTerms terms, string paymentId)
    {
        var reason = payment.Purpose == PaymentPurpose.TopUp ? EntryReason.TopUp : EntryReason.Bundle;
        Credits.Grant(edit, CreditKind.Bundle, payment.Credits, terms.BundlesRollOver ? null : subscription.CycleEnd, reason, paymentId);
        return subscription with { Paying = null, TopUpDeclines = 0, TopUpNotBefore = null };
    }

    /// <summary>A renewal could not be paid. Null when it was the last attempt: the subscription is to end.</summary>
    public static Subscription? FailRenewal(BookEdit edit, Subscription subscription, DateTimeOffset now)
    {
        var end = subscription.CycleEnd;
        if (subscription.PastDue is not { } pastDue)
        {
            Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
            return subscription with { Paying = null, PastDue = new PastDue(now, 1, now.AddDays(RetryDays[0])) };
        }

        // The first attempt was the cycle's own end, so the last day's attempt finds as many failures as there are days.
        if (pastDue.Attempts >= RetryDays.Length) return null;
        return subscription with { Paying = null, PastDue = pastDue with { Attempts = pastDue.Attempts + 1, RetryAt = pastDue.Since.AddDays(RetryDays[pastDue.Attempts]) } };
    }

    /// <summary>A top-up could not be paid: the next waits longer each time, and after the last for good.</summary>
    public static Subscription FailTopUp(Subscription subscription, DateTimeOffset now)
    {
        var declines = subscription.TopUpDeclines + 1;
        DateTimeOffset notBefore = declines > TopUpHours.Length ? DateTimeOffset.MaxValue : now.AddHours(TopUpHours[declines - 1]);
        return subscription with { Paying = null, TopUpDeclines = declines, TopUpNotBefore = notBefore };
    }

    /// <summary>Sets or clears the bundle that is bought when the credits are used up; earlier declines are forgotten.</summary>
    public static Subscription SetTopUp(Subscription subscription, string? bundleId) =>
        subscription with { TopUpBundleId = bundleId, TopUpDeclines = 0, TopUpNotBefore = null };

    private static void Carry(BookEdit edit, Subscription subscription, PlanTerms terms)
    {
        DateTimeOffset? end = subscription.CycleEnd;
        Credits.Carry(edit, terms.RollsOver ? null : end, terms.BundlesRollOver ? null : end, subscription.Id);
    }

    private static void Include(BookEdit edit, Subscription subscription, PlanTerms terms) =>
        Credits.Grant(edit, CreditKind.Included, terms.IncludedCredit, terms.RollsOver ? null : subscription.CycleEnd, EntryReason.IncludedCredit, subscription.CycleName);
}
