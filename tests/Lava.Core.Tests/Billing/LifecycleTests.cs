using Lava.Core.Billing;
using Lava.Core.Ledger;

namespace Lava.Core.Tests.Billing;

public sealed class LifecycleTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 31, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, 35)]
    [InlineData(false, 25)]
    public void Of_25_included_with_15_used_the_next_cycle_has_35_with_rollover_and_25_without(bool rollsOver, decimal expected)
    {
        var terms = Terms(25, 25) with { RollsOver = rollsOver };
        var (edit, subscription) = Open(terms);
        edit = Use(edit, 15);
        Lifecycle.Renew(edit, subscription, terms, subscription.CycleEnd);
        Credits.OfCycle(edit.Head).ShouldBe(expected);
        Balanced(edit.Head);
    }

    [Theory]
    [InlineData(true, 6)]
    [InlineData(false, 0)]
    public void Bundle_credit_is_carried_or_ends_as_the_plan_says(bool rollsOver, decimal expected)
    {
        var terms = Terms(10, 10) with { BundlesRollOver = rollsOver };
        var (edit, subscription) = Open(terms);
        subscription = Buy(edit, subscription, terms, 6);
        Lifecycle.Renew(edit, subscription, terms, subscription.CycleEnd);
        Credits.OfBundles(edit.Head).ShouldBe(expected);
        Credits.OfCycle(edit.Head).ShouldBe(10);
        Balanced(edit.Head);
    }

    [Fact]
    public void What_ends_first_is_spent_first_and_of_what_ends_together_the_plans_own()
    {
        var (edit, subscription) = Open(Terms(10, 10));
        Buy(edit, subscription, Terms(10, 10), 6);
        edit = Use(edit, 12);
        (Credits.OfCycle(edit.Head), Credits.OfBundles(edit.Head)).ShouldBe((0m, 4m));

        var carrying = Terms(10, 10) with { RollsOver = true, BundlesRollOver = false };
        (edit, subscription) = Open(carrying);
        Buy(edit, subscription, carrying, 6);
        edit = Use(edit, 7);
        (Credits.OfCycle(edit.Head), Credits.OfBundles(edit.Head)).ShouldBe((9m, 0m));
    }

    [Fact]
    public void What_is_owed_is_repaid_from_the_new_credit_first()
    {
        var terms = Terms(0, 10);
        var (edit, subscription) = Open(terms);
        edit = Use(edit, 14);
        edit.Head.Balance(Account.Credits).ShouldBe(-4);
        Lifecycle.Renew(edit, subscription, terms, subscription.CycleEnd);
        edit.Head.Balance(Account.Credits).ShouldBe(6);
        Balanced(edit.Head);
    }

    [Fact]
    public void Cycles_keep_the_day_on_which_they_began_over_short_months_and_leap_years()
    {
        var terms = Terms(0, 0);
        var (edit, subscription) = Open(terms);
        var ends = new List<string>();
        for (var i = 0; i < 14; i++)
        {
            ends.Add(subscription.CycleEnd.ToString("yyyy-MM-dd", null));
            subscription = Lifecycle.Renew(edit, subscription, terms, subscription.CycleEnd);
        }

        ends.ShouldBe(["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30", "2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]);
    }

    [Fact]
    public void A_year_that_began_on_a_leap_day_ends_on_the_28th_and_comes_back_to_the_29th()
    {
        var subscription = new Subscription { Id = "as_x", PlanId = "sc_x", StartedAt = Start, Anchor = new DateTimeOffset(2028, 2, 29, 0, 0, 0, TimeSpan.Zero), Interval = BillingInterval.Year };
        Enumerable.Range(0, 4).Select(cycle => (subscription with { Cycle = cycle }).CycleEnd.Day).ShouldBe([28, 28, 28, 29]);
    }

    [Fact]
    public void A_renewal_that_fails_is_tried_again_after_1_3_5_and_7_days_and_then_given_up()
    {
        var terms = Terms(10, 10);
        var (edit, opened) = Open(terms);
        var since = opened.CycleEnd;
        var retries = new List<double>();
        var now = since;
        for (var subscription = opened; Lifecycle.FailRenewal(edit, subscription, now) is { } waiting; subscription = waiting)
        {
            now = waiting.PastDue!.RetryAt;
            retries.Add((now - since).TotalDays);
        }

        retries.ShouldBe([1, 3, 5, 7]);
        edit.Head.Balance(Account.Credits).ShouldBe(0);
    }

    [Fact]
    public void A_renewal_that_is_paid_late_begins_the_cycle_that_is_under_way()
    {
        var terms = Terms(1, 1) with { Interval = BillingInterval.Day };
        var (edit, subscription) = Open(terms);
        var failed = Lifecycle.FailRenewal(edit, subscription, subscription.CycleEnd)!;
        var paidAt = subscription.CycleEnd.AddDays(3).AddHours(1);
        var renewed = Lifecycle.Renew(edit, failed, terms, paidAt);
        (renewed.CycleStart <= paidAt && paidAt < renewed.CycleEnd).ShouldBeTrue();
        edit.Head.Balance(Account.Credits).ShouldBe(1);
    }

    [Fact]
    public void An_upgrade_keeps_bundles_and_only_what_the_old_plan_carries_over()
    {
        foreach (var (rollsOver, kept) in new[] { (true, 10m), (false, 0m) })
        {
            var old = Terms(10, 10) with { RollsOver = rollsOver };
            var (edit, subscription) = Open(old);
            subscription = Buy(edit, subscription, old, 6);
            var next = Lifecycle.Change(edit, subscription, Terms(20, 30) with { PlanId = "sc_2" }, Start.AddDays(3));
            (Credits.OfCycle(edit.Head), Credits.OfBundles(edit.Head), next.PlanId, next.CycleStart).ShouldBe((30 + kept, 6m, "sc_2", Start.AddDays(3)));
            Balanced(edit.Head);
        }
    }

    [Fact]
    public void A_declined_top_up_waits_longer_each_time_and_at_last_for_good()
    {
        var (edit, subscription) = Open(Terms(0, 0) with { TopUp = new TopUpOffer("cb_1", 5, 6) });
        var waits = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            subscription = Lifecycle.FailTopUp(subscription, Start);
            waits.Add((subscription.TopUpNotBefore!.Value - Start).TotalHours);
        }

        waits.ShouldBe([1, 6, 24, 72]);
        Lifecycle.FailTopUp(subscription, Start).TopUpNotBefore.ShouldBe(DateTimeOffset.MaxValue);
        Lifecycle.SetTopUp(edit, subscription, new TopUpOffer("cb_1", 5, 6)).TopUpNotBefore.ShouldBeNull();
    }

    [Fact]
    public void A_card_is_charged_whole_cents_rounded_up_and_the_books_show_both_sides()
    {
        var (edit, subscription) = Open(Terms(9.991m, 0));
        var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Renewal, 9.991m, Start).Paying!;
        paying.Amount.ShouldBe(10.00m);
        Lifecycle.BookPayment(edit, paying, "pay_1");
        (edit.Head.Balance(Account.Payments), edit.Head.Balance(Account.SubscriptionFees)).ShouldBe((-10m, 10m));
        edit.Entries[^1].Cause.ShouldBe("pay_1");
    }

    [Fact]
    public void A_change_that_is_asked_for_while_a_payment_is_under_way_is_not_lost()
    {
        var (_, subscription) = Open(Terms(10, 10));
        var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Renewal, 10, Start);
        Lifecycle.Settle(Lifecycle.Cancel(paying)).Pending.ShouldBe(new PendingChange(null));

        var upgrading = Lifecycle.BeginPayment(Lifecycle.Cancel(subscription), PaymentPurpose.Upgrade, 10, Start);
        Lifecycle.Settle(upgrading).Pending.ShouldBeNull();
    }

    [Fact]
    public void One_use_of_400_with_bundles_of_1_causes_one_purchase_up_to_the_limit_of_the_day_and_then_none()
    {
        var offer = new TopUpOffer("cb_1", 1, 1);
        var terms = Terms(0, 0) with { TopUp = offer };
        var (edit, subscription) = Open(terms);
        edit = Use(edit, 400);
        Lifecycle.Next(subscription, edit.Head, Start).Step.ShouldBe(BillingStep.TopUp);
        var (paying, isCapped) = Lifecycle.BeginTopUp(subscription, edit.Head, offer, new BillingRules(), Start);
        (isCapped, paying.Paying!.Amount, paying.Paying.Credits).ShouldBe((true, 10m, 10m));
        var filled = Lifecycle.AddBundle(edit, paying, paying.Paying, terms, "pay_1");
        edit.Head.Balance(Account.Credits).ShouldBe(-390);
        Lifecycle.Next(filled, edit.Head, Start).Step.ShouldBe(BillingStep.EndCycle);

        // Another use the same day finds the day's limit reached, and waits for the next.
        edit = Use(edit, 1);
        var (waiting, _) = Lifecycle.BeginTopUp(filled, edit.Head, offer, new BillingRules(), Start);
        (waiting.Paying, waiting.TopUpNotBefore).ShouldBe((null, new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void A_purchase_closes_the_gap_where_the_limits_allow_it()
    {
        var offer = new TopUpOffer("cb_1", 1, 1);
        var (edit, subscription) = Open(Terms(0, 0) with { TopUp = offer });
        edit = Use(edit, 400);
        var limited = Lifecycle.SetTopUpLimits(subscription, new TopUpLimits(500, 500));

        // 400 bundles bring the credits to 0, and 0 buys no call: one more.
        var (paying, isCapped) = Lifecycle.BeginTopUp(limited, edit.Head, offer, new BillingRules(), Start);
        (isCapped, paying.Paying!.Amount).ShouldBe((false, 401m));
    }

    [Fact]
    public void Credits_that_are_taken_back_cause_no_purchase()
    {
        var offer = new TopUpOffer("cb_1", 5, 6);
        var terms = Terms(0, 3) with { TopUp = offer };
        var (edit, subscription) = Open(terms);
        edit = Use(edit, 1);
        Credits.Take(edit, 2, EntryReason.Adjustment, "a refund");
        edit.Head.Balance(Account.Credits).ShouldBe(0);
        Lifecycle.Next(subscription, edit.Head, Start).Step.ShouldBe(BillingStep.EndCycle);
    }

    [Fact]
    public void A_bundle_that_becomes_dearer_is_bought_as_it_was_agreed_and_a_cheaper_one_as_it_is()
    {
        var agreed = new TopUpOffer("cb_1", 5, 6);
        agreed.Against(new TopUpOffer("cb_1", 500, 6)).ShouldBe(agreed);
        agreed.Against(new TopUpOffer("cb_1", 5, 1)).ShouldBe(agreed);
        agreed.Against(new TopUpOffer("cb_1", 4, 6)).ShouldBe(new TopUpOffer("cb_1", 4, 6));
    }

    [Fact]
    public void A_downgrade_keeps_the_day_on_which_the_subscription_began()
    {
        var (edit, opened) = Open(Terms(20, 20));
        opened.CycleEnd.ShouldBe(At(2027, 2, 28));
        var cheap = Terms(10, 10) with { PlanId = "sc_2" };
        var lower = Lifecycle.Downgrade(edit, opened, cheap, opened.CycleEnd);
        (lower.CycleStart, lower.CycleEnd).ShouldBe((At(2027, 2, 28), At(2027, 3, 31)));
        Lifecycle.Renew(edit, lower, cheap, lower.CycleEnd).CycleEnd.ShouldBe(At(2027, 4, 30));

        // By way of a year the day is kept too.
        var yearly = Lifecycle.Downgrade(edit, lower, Terms(5, 5) with { PlanId = "sc_3", Interval = BillingInterval.Year }, lower.CycleEnd);
        yearly.CycleEnd.ShouldBe(At(2028, 3, 31));
    }

    [Fact]
    public void After_a_server_was_off_for_months_only_the_cycle_under_way_begins()
    {
        var terms = Terms(5, 5) with { Interval = BillingInterval.Day };
        var (edit, opened) = Open(terms);
        var now = opened.CycleEnd.AddDays(104).AddHours(1);
        var next = Lifecycle.Renew(edit, opened, terms, now, skipsMissed: true);
        (next.CycleStart, Lifecycle.Missed(next, opened)).ShouldBe((opened.CycleEnd.AddDays(104), 104));
        edit.Entries.Count(entry => entry.Reason == EntryReason.IncludedCredit).ShouldBe(2);
    }

    [Fact]
    public void The_attempts_at_a_renewal_are_days_apart_also_after_the_server_was_off()
    {
        var (edit, opened) = Open(Terms(10, 10));
        var waiting = Lifecycle.FailRenewal(edit, opened, opened.CycleEnd)!;
        var late = opened.CycleEnd.AddDays(30);
        Lifecycle.FailRenewal(edit, waiting, late)!.PastDue!.RetryAt.ShouldBe(late.AddDays(2));
    }

    private static DateTimeOffset At(int year, int month, int day) => new(year, month, day, 8, 0, 0, TimeSpan.Zero);

    private static PlanTerms Terms(decimal price, decimal credit) => new("sc_1", price, credit, BillingInterval.Month, RollsOver: false, BundlesRollOver: true);

    private static (BookEdit Edit, Subscription Subscription) Open(PlanTerms terms)
    {
        var edit = new BookEdit(new BookHead(), Start);
        return (edit, Lifecycle.Open(edit, "as_1", terms, Start));
    }

    private static Subscription Buy(BookEdit edit, Subscription subscription, PlanTerms terms, decimal credits)
    {
        var paying = Lifecycle.BeginPayment(subscription, PaymentPurpose.Bundle, 5, Start);
        return Lifecycle.AddBundle(edit, paying, paying.Paying! with { Credits = credits }, terms, "pay_x");
    }

    private static BookEdit Use(BookEdit edit, decimal amount)
    {
        var used = new BookEdit(edit.Head, edit.At);
        used.Post(EntryReason.UsageCharge, null, new Posting(Account.Credits, -amount), new Posting(Account.Charges, amount));
        return new BookEdit(Credits.Spend(used.Head, amount), edit.At);
    }

    private static void Balanced(BookHead head)
    {
        head.Accounts.Values.Sum().ShouldBe(0);
        head.Lots.Sum(lot => lot.Amount).ShouldBe(Math.Max(0, head.Balance(Account.Credits)));
    }
}
