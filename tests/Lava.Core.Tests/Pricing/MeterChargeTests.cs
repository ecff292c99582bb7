using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Pricing;

namespace Lava.Core.Tests.Pricing;

public sealed class MeterChargeTests
{
    private static readonly MeterRate Documented = new(RateType.Fixed, TierType.Tokens1M, [new Tier(0, 5), new Tier(1_000_000, 3), new Tier(10_000_000, 1)]);

    [Fact]
    public void Five_million_tokens_over_the_documented_tiers_cost_17() // behaviour.md §5.2
    {
        var charge = MeterCharge.Of(Documented, 0, new Usage { InputTokens = 5_000_000 }, 0);
        charge.Amount.ShouldBe(17);
        charge.Breakdown.Select(row => (row.Tokens, row.Cost)).ShouldBe([(1_000_000m, 5m), (4_000_000m, 12m)]);
    }

    [Fact]
    public void Seven_hundred_tokens_at_2_for_a_million_cost_0_0014() => // behaviour.md §5.2
        MeterCharge.Of(Flat(TierType.Tokens1M, 2), 0, new Usage { InputTokens = 600, OutputTokens = 100 }, 0).Amount.ShouldBe(0.0014m);

    [Fact]
    public void A_request_may_straddle_tiers_from_where_the_ones_before_it_stopped()
    {
        var charge = MeterCharge.Of(Documented, 999_999, new Usage { OutputTokens = 2 }, 0);
        charge.Amount.ShouldBe(0.000008m);
        charge.After.ShouldBe(1_000_001);
        charge.Breakdown.Count.ShouldBe(2);
    }

    [Fact]
    public void A_percentage_is_taken_of_the_providers_cost() => // behaviour.md §5.3
        MeterCharge.Of(new MeterRate(RateType.Percentage, TierType.Tokens1M, [new Tier(0, 120)]), 0, new Usage { InputTokens = 10 }, 0.5m).Amount.ShouldBe(0.6m);

    [Theory]
    [InlineData(0, false)]
    [InlineData(8_999_000, false)]
    [InlineData(0, true)]
    public void Calls_that_are_booked_in_any_order_cost_no_more_than_was_reserved_for_each(long position, bool isPercentage)
    {
        // The middle tier is the dearest: the first of these calls reaches it only if the others came before.
        var rate = new MeterRate(isPercentage ? RateType.Percentage : RateType.Fixed, TierType.Tokens1M, [new Tier(0, 2), new Tier(9_000_000, 50), new Tier(9_500_000, 1)]);
        long[] calls = [100_000, 8_900_000, 400_000];
        foreach (var order in new[] { new[] { 0, 1, 2 }, [2, 1, 0], [1, 2, 0], [1, 0, 2] })
        {
            decimal at = position;
            foreach (var call in order)
            {
                var charge = MeterCharge.Of(rate, at, new Usage { InputTokens = calls[call] }, 0.1m);
                charge.Amount.ShouldBeLessThanOrEqualTo(MeterCharge.Most(rate, position, calls.Sum(), calls[call], 0.1m));
                at = charge.After;
            }
        }
    }

    [Theory]
    [InlineData(TierType.Minutes, 0.25)]
    [InlineData(TierType.Requests, 0.5)]
    [InlineData(TierType.Characters1M, 0.001)]
    public void Each_unit_counts_its_own_counter(TierType type, decimal expected) =>
        MeterCharge.Of(Flat(type, type == TierType.Characters1M ? 10 : 0.5m), 0, new Usage { InputSeconds = 30, InputCharacters = 100, InputTokens = 7 }, 0).Amount.ShouldBe(expected);

    [Fact]
    public void A_free_first_tier_costs_nothing_and_its_reservation_too() =>
        MeterCharge.Most(new MeterRate(RateType.Fixed, TierType.Tokens1M, [new Tier(0, 0), new Tier(1_000, 4)]), 0, new Usage { InputTokens = 900 }, 0).ShouldBe(0);

    [Fact]
    public void However_usage_is_split_into_requests_the_charges_add_up_to_the_same_total() => Prop.ForAll(Rates(RateType.Fixed), Parts(), (rate, parts) =>
    {
        decimal position = 0, sum = 0;
        foreach (var part in parts)
        {
            var charge = MeterCharge.Of(rate, position, new Usage { InputTokens = part }, 0);
            sum += charge.Amount;
            position = charge.After;
        }

        return sum == MeterCharge.Of(rate, 0, new Usage { InputTokens = parts.Sum(part => (long)part) }, 0).Amount;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_rows_add_up_to_the_amount_for_every_rate_type() => Prop.ForAll(Rates(), Parts(), (rate, parts) =>
    {
        var charge = MeterCharge.Of(rate, parts[0], new Usage { InputTokens = parts[^1] }, 1.2345678901234m);
        return charge.Breakdown.Sum(row => row.Cost) == charge.Amount && charge.Breakdown.Sum(row => row.Tokens) == parts[^1];
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_usage_never_costs_less() => Prop.ForAll(Rates(), Parts(), (rate, parts) =>
        MeterCharge.Of(rate, 0, new Usage { InputTokens = parts[0] + (long)parts[^1] }, 0).Amount >= MeterCharge.Of(rate, 0, new Usage { InputTokens = parts[0] }, 0).Amount).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reservation_is_never_below_the_charge() => Prop.ForAll(Rates(), Parts(), (rate, parts) =>
        MeterCharge.Most(rate, parts[0], new Usage { InputTokens = parts[^1] }, 2) >= MeterCharge.Of(rate, parts[0], new Usage { InputTokens = parts[^1] }, 2).Amount - 0.00000000001m).QuickCheckThrowOnFailure();

    private static MeterRate Flat(TierType type, decimal rate) => new(RateType.Fixed, type, [new Tier(0, rate)]);

    private static Arbitrary<int[]> Parts() => Gen.Choose(0, 5_000_000).NonEmptyListOf().Select(parts => parts.ToArray()).ToArbitrary();

    private static Arbitrary<MeterRate> Rates(RateType? only = null) => (
        from count in Gen.Choose(1, 5)
        from gaps in Gen.Choose(1, 3_000_000).ListOf(count)
        from rates in Gen.Choose(0, 1_000_000_000).ListOf(count)
        from type in only is null ? Gen.Elements(RateType.Fixed, RateType.Percentage) : Gen.Constant(only.Value)
        select new MeterRate(type, TierType.Tokens1M, [.. gaps.Select((_, i) => new Tier(gaps.Take(i).Sum(gap => (decimal)gap), rates[i] / 10_000_000m))])).ToArbitrary();
}
