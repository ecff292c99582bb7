using Lava.Core.Ledger;

namespace Lava.Core.Billing;

/// <summary>The life of a subscription: how it opens, renews, changes its plan and ends, and what that does to the credits (behaviour.md §6).</summary>
public static class Lifecycle
{
    /// <summary>Days after the first failure on which a renewal is tried again; after the last it is cancelled.</summary>
    private static readonly int[] RetryDays = [1, 3, 5, 7];

    /// <summary>Hours until a declined top-up is tried again, by the number of declines; after the last it waits for a change of the subscription or a new
    /// card.</summary>
    private static readonly int[] TopUpHours = [1, 6, 24, 72];

    /// <summary>How long a customer may take to authenticate a payment with the bank.</summary>
    public static readonly TimeSpan AuthenticationTime = TimeSpan.FromHours(1);

    /// <summary>Begins a subscription with its first cycle.</summary>
    public static Subscription Open(BookEdit edit, string id, PlanTerms terms, DateTimeOffset now)
    {
        var subscription = new Subscription
        {
            Id = id,
            PlanId = terms.PlanId,
            StartedAt = now,
            Anchor = now,
            Interval = terms.Interval,
            TopUpBundleId = terms.TopUp?.BundleId,
            TopUpAgreed = terms.TopUp,
        };
        Include(edit, subscription, terms);
        return subscription;
    }

    /// <summary>What is to be done next and from when on.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="head">The customer's book.</param>
    /// <param name="now">The time; a top-up that waits for nothing is due now.</param>
    public static (BillingStep Step, DateTimeOffset At) Next(Subscription subscription, BookHead head, DateTimeOffset now)
    {
        if (subscription.CancelledAt is not null) return (BillingStep.None, DateTimeOffset.MaxValue);
        if (subscription.Paying is { } paying) return (BillingStep.FinishPayment, paying.CheckAt ?? paying.At);
        if (subscription.PastDue is { } pastDue) return (BillingStep.RetryRenewal, pastDue.RetryAt);
        var topUpAt = WantsTopUp(subscription, head) ? subscription.TopUpNotBefore ?? now : DateTimeOffset.MaxValue;

        // A new cycle brings credits, which may make the top-up needless.
        return topUpAt < subscription.CycleEnd ? (BillingStep.TopUp, topUpAt) : (BillingStep.EndCycle, subscription.CycleEnd);
    }

    /// <summary>Begins the next cycle of the same plan: what has run out ends, what is carried becomes rollover, the plan's credits are added.</summary>
    /// <param name="edit">The book.</param>
    /// <param name="subscription">The subscription; its cycle is over.</param>
    /// <param name="terms">The plan as it is now.</param>
    /// <param name="now">The time.</param>
    /// <param name="skipsMissed">Whether the cycle that is now under way begins, though others went by since: no one pays for time without service.</param>
    public static Subscription Renew(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now, bool skipsMissed = false)
    {
        var end = subscription.CycleEnd;
        var next = subscription with { Cycle = subscription.Cycle + 1, PastDue = null };
        if (skipsMissed || subscription.PastDue is not null) next = UnderWay(next, now);
        Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
        Carry(edit, next, terms);
        Include(edit, next, terms);
        return next;
    }

    /// <summary>Changes the plan now: a new cycle begins. Cycle credits are kept where the old plan carries them over; bundle credits are kept
    /// (behaviour.md §6.2).</summary>
    public static Subscription Change(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now) =>
        Begin(edit, subscription, Moved(subscription, terms, now) with { AnchorDay = null }, terms);

    /// <summary>Follows a downgrade at the end of the cycle: credits end as at any cycle's end, then the cheaper plan begins its count there. Its months and
    /// years keep the day of the month that the dearer plan's kept. One that is paid late begins when it is paid.</summary>
    /// <param name="edit">The book.</param>
    /// <param name="subscription">The subscription; its cycle is over.</param>
    /// <param name="terms">The cheaper plan.</param>
    /// <param name="now">The time.</param>
    /// <param name="skipsMissed">Whether the cycle that is now under way begins, though others went by since.</param>
    public static Subscription Downgrade(BookEdit edit, Subscription subscription, PlanTerms terms, DateTimeOffset now, bool skipsMissed = false)
    {
        var end = subscription.CycleEnd;
        Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
        if (subscription.PastDue is not null) return Change(edit, subscription, terms, now);
        var keepsDay = IsOfMonths(subscription.Interval) && IsOfMonths(terms.Interval);
        var next = Moved(subscription, terms, end) with { AnchorDay = keepsDay ? subscription.AnchorDay ?? subscription.Anchor.ToUniversalTime().Day : null };
        return Begin(edit, subscription, skipsMissed ? UnderWay(next, now) : next, terms);
    }

    /// <summary>How many cycles were passed over.</summary>
    /// <param name="next">The subscription with the cycle that has begun.</param>
    /// <param name="before">The same before, with the cycle that was over.</param>
    public static int Missed(Subscription next, Subscription before) => next.Era == before.Era ? next.Cycle - before.Cycle - 1 : next.Cycle;

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
        var intent = new PaymentIntent($"{subscription.Id}:{number}", purpose, RoundUp(amount), now) { Replaces = subscription.Pending };
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
        Credits.Grant(edit, CreditKind.Bundle, payment.Credits, BundleEnd(edit, subscription, terms), reason, paymentId);
        var next = subscription with { Paying = null, TopUpDeclines = 0, TopUpNotBefore = null };
        return payment.Purpose == PaymentPurpose.TopUp
            ? next with { TopUpServed = payment.UsedUpBy, TopUpSpend = SpendOf(subscription, payment.Amount, payment.At) }
            : next;
    }

    /// <summary>When bundle credits that are given now end: with the cycle that is under way, whether or not it has begun yet, where the plan does not carry
    /// them over; null for never.</summary>
    public static DateTimeOffset? BundleEnd(BookEdit edit, Subscription subscription, PlanTerms terms) =>
        terms.BundlesRollOver ? null : UnderWay(subscription, edit.At).CycleEnd;

    /// <summary>Begins the purchase of as many bundles as bring the credits above zero, as far as the limits go: one purchase for each use that leaves
    /// none.</summary>
    /// <param name="subscription">The subscription; none of its payments is under way.</param>
    /// <param name="head">The customer's book; no credits are left in it.</param>
    /// <param name="offer">The bundle as it is offered now.</param>
    /// <param name="rules">The limits where the subscription has none of its own.</param>
    /// <param name="now">When.</param>
    /// <returns>The subscription, and whether a limit held back what was needed. Where it held back everything, nothing is bought before its day or cycle is
    /// over.</returns>
    public static (Subscription Subscription, bool IsCapped) BeginTopUp(
        Subscription subscription,
        BookHead head,
        TopUpOffer offer,
        BillingRules rules,
        DateTimeOffset now)
    {
        var agreed = subscription.TopUpAgreed?.Against(offer) ?? offer;
        var spent = SpendOf(subscription, 0, now);
        var ofDay = (subscription.TopUpLimits?.Day ?? (rules.TopUpBundlesPerDay * agreed.Price)) - spent.OfDay;
        var ofCycle = (subscription.TopUpLimits?.Cycle ?? (rules.TopUpBundlesPerCycle * agreed.Price)) - spent.OfCycle;
        var needed = Math.Floor(-head.Balance(Account.Credits) / agreed.Credits) + 1;
        var bundles = Math.Min(needed, Math.Max(0, Math.Floor(Math.Min(ofDay, ofCycle) / agreed.Price)));
        if (bundles == 0)
        {
            DateTimeOffset nextDay = new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            return (subscription with { TopUpNotBefore = ofCycle < agreed.Price && subscription.CycleEnd > nextDay ? subscription.CycleEnd : nextDay }, true);
        }

        var paying = BeginPayment(subscription, PaymentPurpose.TopUp, bundles * agreed.Price, now);
        var intent = paying.Paying! with { BundleId = agreed.BundleId, Credits = bundles * agreed.Credits, UsedUpBy = head.UsedUpBy ?? head.Sequence };
        return (paying with { Paying = intent }, bundles < needed);
    }

    /// <summary>A renewal could not be paid. Null when it was the last attempt: the subscription is to end. One that somebody asked for changes nothing of what
    /// comes by itself.</summary>
    public static Subscription? FailRenewal(BookEdit edit, Subscription subscription, DateTimeOffset now)
    {
        var end = subscription.CycleEnd;
        if (subscription.PastDue is not { } pastDue)
        {
            Credits.Expire(edit, lot => lot.ExpiresAt <= end, subscription.Id);
            return subscription with { Paying = null, PastDue = new PastDue(now, 1, now.AddDays(RetryDays[0])) };
        }

        if (subscription.Paying is { IsAsked: true }) return subscription with { Paying = null };

        // The first attempt was the cycle's own end, so the last day's attempt finds as many failures as there are days.
        if (pastDue.Attempts >= RetryDays.Length) return null;
        var at = pastDue.Since.AddDays(RetryDays[pastDue.Attempts]);

        // A server that was off for days does not use up the attempts in an instant.
        if (at <= now) at = now.AddDays(RetryDays[pastDue.Attempts] - RetryDays[pastDue.Attempts - 1]);
        return subscription with { Paying = null, PastDue = pastDue with { Attempts = pastDue.Attempts + 1, RetryAt = at } };
    }

    /// <summary>A top-up could not be paid: the next waits longer each time, and after the last for good.</summary>
    public static Subscription FailTopUp(Subscription subscription, DateTimeOffset now)
    {
        var declines = subscription.TopUpDeclines + 1;
        DateTimeOffset notBefore = declines > TopUpHours.Length ? DateTimeOffset.MaxValue : now.AddHours(TopUpHours[declines - 1]);
        return subscription with { Paying = null, TopUpDeclines = declines, TopUpNotBefore = notBefore };
    }

    /// <summary>Sets or clears the bundle that is bought when the credits are used up; earlier declines are forgotten. Where no credits are left, another
    /// bundle than before is bought now: to ask for it is as good as the use that wanted it. Asking for the same again buys nothing more.</summary>
    public static Subscription SetTopUp(BookEdit edit, Subscription subscription, TopUpOffer? offer)
    {
        var isOther = offer is not null && offer.BundleId != subscription.TopUpBundleId;
        if (isOther && edit.Head.Balance(Account.Credits) <= 0) edit.Head = edit.Head with { UsedUpBy = edit.Head.Sequence + 1 };
        return subscription with { TopUpBundleId = offer?.BundleId, TopUpAgreed = offer, TopUpDeclines = 0, TopUpNotBefore = null };
    }

    /// <summary>Sets the most that automatic purchases may take. What a limit held back is tried again.</summary>
    public static Subscription SetTopUpLimits(Subscription subscription, TopUpLimits? limits) =>
        subscription with { TopUpLimits = limits, TopUpNotBefore = subscription.TopUpDeclines == 0 ? null : subscription.TopUpNotBefore };

    /// <summary>Lets a declined top-up be tried again at once, because there is another card.</summary>
    public static Subscription RetryTopUp(Subscription subscription) =>
        subscription.TopUpDeclines == 0 ? subscription : subscription with { TopUpDeclines = 0, TopUpNotBefore = null };

    /// <summary>An amount as a card is charged: rounded up to the cent (behaviour.md §5.4).</summary>
    public static decimal RoundUp(decimal amount) => Math.Ceiling(amount * 100) / 100;

    // Usage that left no credits and was not answered yet. Taking credits back is no usage, and a book that was written before this was kept has no number.
    private static bool WantsTopUp(Subscription subscription, BookHead head) =>
        subscription.TopUpBundleId is not null && head.Balance(Account.Credits) <= 0
        && (head.UsedUpBy > subscription.TopUpServed || (head.UsedUpBy is null && head.Sequence > subscription.TopUpServed));

    private static TopUpSpend SpendOf(Subscription subscription, decimal amount, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var spent = subscription.TopUpSpend;
        return new TopUpSpend(
            day, (spent?.Day == day ? spent.OfDay : 0) + amount, subscription.CycleName, (spent?.Cycle == subscription.CycleName ? spent.OfCycle : 0) + amount);
    }

    private static bool IsOfMonths(BillingInterval interval) => interval is BillingInterval.Month or BillingInterval.Year;

    private static Subscription UnderWay(Subscription subscription, DateTimeOffset now)
    {
        while (subscription.CycleEnd <= now) subscription = subscription with { Cycle = subscription.Cycle + 1 };
        return subscription;
    }

    private static Subscription Moved(Subscription subscription, PlanTerms terms, DateTimeOffset anchor) => subscription with
    {
        PlanId = terms.PlanId,
        Interval = terms.Interval,
        Anchor = anchor,
        Cycle = 0,
        Era = subscription.Era + 1,
        PastDue = null,
        TopUpBundleId = terms.TopUp?.BundleId,
        TopUpAgreed = terms.TopUp,
        TopUpDeclines = 0,
        TopUpNotBefore = null,
    };

    private static Subscription Begin(BookEdit edit, Subscription before, Subscription next, PlanTerms terms)
    {
        Credits.Expire(edit, lot => lot.IsCycle && lot.ExpiresAt is not null, before.Id);
        Carry(edit, next, terms);
        Include(edit, next, terms);
        return next;
    }

    private static void Carry(BookEdit edit, Subscription subscription, PlanTerms terms)
    {
        DateTimeOffset? end = subscription.CycleEnd;
        Credits.Carry(edit, terms.RollsOver ? null : end, terms.BundlesRollOver ? null : end, subscription.Id);
    }

    private static void Include(BookEdit edit, Subscription subscription, PlanTerms terms) =>
        Credits.Grant(
            edit,
            CreditKind.Included,
            terms.IncludedCredit,
            terms.RollsOver ? null : subscription.CycleEnd,
            EntryReason.IncludedCredit,
            subscription.CycleName);
}
