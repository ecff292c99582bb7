using Lava.Core.Billing;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Core.Pricing;

namespace Lava.Core.Tests.Billing;

/// <summary>The worked examples of behaviour.md, by section.</summary>
public sealed class WorkedExamplesTests
{
    private static readonly DateTimeOffset Start = new(2027, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Section_5_2_five_million_tokens_over_tiers_of_5_3_and_1_cost_17()
    {
        var rate = new MeterRate(RateType.Fixed, TierType.Tokens1M, [new Tier(0, 5), new Tier(1_000_000, 3), new Tier(10_000_000, 1)]);
        var charge = MeterCharge.Of(rate, 0, new Usage { InputTokens = 5_000_000 }, 0);
        charge.Amount.ShouldBe(17);
        charge.Breakdown.Select(row => (row.Tokens, row.Cost)).ShouldBe([(1_000_000m, 5m), (4_000_000m, 12m)]);
    }

    [Fact]
    public void Section_5_2_seven_hundred_tokens_at_2_cost_0_0014()
    {
        var rate = new MeterRate(RateType.Fixed, TierType.Tokens1M, [new Tier(0, 2)]);
        Amount.Fixed(MeterCharge.Of(rate, 0, new Usage { InputTokens = 600, OutputTokens = 100 }, 0).Amount).ShouldBe("0.0014000000");
    }

    [Theory]
    [InlineData(20, "0.20")]
    [InlineData(120, "1.20")]
    public void Section_5_3_a_percentage_is_points_of_the_cost(decimal points, string charge)
    {
        var rate = new MeterRate(RateType.Percentage, TierType.Requests, [new Tier(0, points)]);
        Amount.Trimmed(MeterCharge.Of(rate, 0, new Usage { InputTokens = 1 }, 1).Amount).ShouldBe(charge);
    }

    [Theory]
    [InlineData(true, 35)]
    [InlineData(false, 25)]
    public void Section_6_3_of_25_included_with_15_used_full_rollover_gives_35_and_none_25(bool rollsOver, decimal next)
    {
        var terms = new PlanTerms("sc_1", 25, 25, BillingInterval.Month, rollsOver, BundlesRollOver: true);
        var edit = new BookEdit(new BookHead(), Start);
        var subscription = Lifecycle.Open(edit, "as_1", terms, Start);
        edit.Post(EntryReason.UsageCharge, null, new Posting(Account.Credits, -15), new Posting(Account.Charges, 15));
        edit = new BookEdit(Credits.Spend(edit.Head, 15), Start);
        Lifecycle.Renew(edit, subscription, terms, subscription.CycleEnd);
        edit.Head.Balance(Account.Credits).ShouldBe(next);
    }

    [Fact]
    public void Section_6_3_month_arithmetic_keeps_the_31st() =>
        Enumerable.Range(1, 3).Select(number => BillingCycle.StartOf(Start, BillingInterval.Month, number).ToString("MM-dd", null)).ShouldBe(["02-28", "03-31", "04-30"]);
}
