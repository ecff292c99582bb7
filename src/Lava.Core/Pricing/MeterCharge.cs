using Lava.Core.Ledger;

namespace Lava.Core.Pricing;

/// <summary>Prices usage by a meter: graduated tiers whose position runs on over all requests of the payer (behaviour.md §5.2, §5.3).</summary>
public static class MeterCharge
{
    private const decimal Million = 1_000_000m;

    /// <summary>The charge for a call.</summary>
    /// <param name="rate">The meter's rate.</param>
    /// <param name="before">Position in the tiers before the call, in units (tokens, characters, minutes, calls).</param>
    /// <param name="usage">What the call used.</param>
    /// <param name="cost">The provider's base cost, which a percentage is taken of.</param>
    public static MeterChargeResult Of(MeterRate rate, decimal before, in Usage usage, decimal cost)
    {
        var units = Units(rate.TierType, usage);
        if (units <= 0) return new MeterChargeResult(0, [], before);
        var after = before + units;
        var slices = new List<MeterSlice>(1);
        var amount = 0m;
        var running = 0m;
        for (var i = 0; i < rate.Tiers.Count; i++)
        {
            var tier = rate.Tiers[i];
            var end = i + 1 < rate.Tiers.Count ? rate.Tiers[i + 1].Start : decimal.MaxValue;
            var from = Math.Max(before, tier.Start);
            var to = Math.Min(after, end);
            if (to > from)
            {
                // The price of everything up to a point is rounded, and a slice is the difference of two such points: so however usage is split into requests,
                // the charges add up to the same total, and the rows to the charge. A percentage has no such line: its slices share the call's own cost.
                var price = rate.RateType == RateType.Fixed
                    ? Bookkeeping.Round(running + Price(rate, tier, to - tier.Start)) - Bookkeeping.Round(running + Price(rate, tier, from - tier.Start))
                    : Bookkeeping.Round(cost * (to - from) / units * tier.Rate / 100);
                slices.Add(Slice(rate.TierType, tier, to - from, price));
                amount += price;
            }

            if (end >= after) break;
            running += Price(rate, tier, end - tier.Start);
        }

        return new MeterChargeResult(amount, slices, after);
    }

    /// <summary>What the first units of a payer are charged in all by a fixed rate, before rounding.</summary>
    /// <param name="rate">The meter's rate.</param>
    /// <param name="units">How many units, from 0.</param>
    public static decimal UpTo(MeterRate rate, decimal units)
    {
        var amount = 0m;
        for (var i = 0; i < rate.Tiers.Count && rate.Tiers[i].Start < units; i++)
        {
            var end = i + 1 < rate.Tiers.Count ? Math.Min(units, rate.Tiers[i + 1].Start) : units;
            amount += Price(rate, rate.Tiers[i], end - rate.Tiers[i].Start);
        }

        return amount;
    }

    /// <summary>The most that a call can be charged, for its reservation: every unit at the dearest tier that it can reach.</summary>
    /// <param name="rate">The meter's rate.</param>
    /// <param name="position">A position in the tiers that the payer has reached or passed.</param>
    /// <param name="most">The most that the call can use.</param>
    /// <param name="mostCost">The most that it can cost at the provider.</param>
    public static decimal Most(MeterRate rate, decimal position, in Usage most, decimal mostCost)
    {
        var units = Units(rate.TierType, most);
        return Most(rate, position, units, units, mostCost);
    }

    /// <summary>The most that a call can be charged that is one of several, whatever their order.</summary>
    /// <param name="rate">The meter's rate.</param>
    /// <param name="position">A position in the tiers that the payer has reached or passed.</param>
    /// <param name="together">The units that all of the calls use.</param>
    /// <param name="units">The units that this call uses.</param>
    /// <param name="cost">What it costs at the provider.</param>
    public static decimal Most(MeterRate rate, decimal position, decimal together, decimal units, decimal cost)
    {
        if (units <= 0) return 0;
        var dearest = 0m;
        for (var i = 0; i < rate.Tiers.Count; i++)
        {
            var isPassed = i + 1 < rate.Tiers.Count && rate.Tiers[i + 1].Start <= position;
            if (!isPassed && rate.Tiers[i].Start < position + together) dearest = Math.Max(dearest, rate.Tiers[i].Rate);
        }

        return rate.RateType == RateType.Fixed ? units * dearest / Divisor(rate.TierType) : cost * dearest / 100;
    }

    /// <summary>How many units of a meter a call used; <see cref="TierType.Minutes"/> are fractional.</summary>
    public static decimal Units(TierType type, in Usage usage) => type switch
    {
        TierType.Tokens1M => usage.TotalTokens,
        TierType.Characters1M => usage.TotalCharacters,
        TierType.Minutes => usage.TotalSeconds / 60,
        _ => 1,
    };

    private static decimal Price(MeterRate rate, Tier tier, decimal units) => units * tier.Rate / Divisor(rate.TierType);

    private static decimal Divisor(TierType type) => type is TierType.Tokens1M or TierType.Characters1M ? Million : 1;

    private static MeterSlice Slice(TierType type, Tier tier, decimal units, decimal cost) => type switch
    {
        TierType.Tokens1M => new MeterSlice(tier, units, 0, 0, cost),
        TierType.Characters1M => new MeterSlice(tier, 0, units, 0, cost),
        TierType.Minutes => new MeterSlice(tier, 0, 0, Math.Round(units * 60, 9), cost),
        _ => new MeterSlice(tier, 0, 0, 0, cost),
    };
}
