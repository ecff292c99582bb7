using System.Globalization;
using System.Text.Json;
using Lava.Console.Parts;
using Lava.Core.Pricing;
using Lava.Service.Pricing.Meters;

namespace Lava.Console.Pages.Pricing;

/// <summary>What a payer is charged in all, by how much was used: the picture of a meter's tiers. A percentage has no such line, so it is what a call that
/// costs a dollar is charged.</summary>
internal static class PriceCurve
{
    private const int Steps = 40;

    /// <summary>The chart's data.</summary>
    /// <param name="curves">Names and rates of the lines; all have the same units.</param>
    public static string Of(params IReadOnlyList<(string Name, MeterRate Rate)> curves)
    {
        var points = Points([.. curves.Select(curve => curve.Rate)]);
        return JsonSerializer.Serialize(new
        {
            labels = points.Select(point => Money.Short(point)),
            series = curves.Select(curve => new { name = curve.Name, values = points.Select(point => At(curve.Rate, point)) }),
        });
    }

    /// <summary>Usages at which something is to be seen: evenly spaced from nothing to beyond the last tier.</summary>
    public static IReadOnlyList<decimal> Points(params IReadOnlyList<MeterRate> rates)
    {
        var last = rates.Max(rate => rate.Tiers[^1].Start);
        var least = rates[0].TierType is TierType.Tokens1M or TierType.Characters1M ? 1_000_000m : 100m;
        var step = Math.Max(last > 0 ? last * 1.5m : least, Steps) / Steps;
        return [.. Enumerable.Range(0, Steps + 1).Select(i => Math.Floor(step * i))];
    }

    /// <summary>The line's height, US dollars.</summary>
    public static decimal At(MeterRate rate, decimal units) => rate.RateType == RateType.Fixed
        ? Math.Round(MeterCharge.UpTo(rate, units), 6)
        : rate.Tiers.Last(tier => tier.Start <= units).Rate / 100;

    /// <summary>Reads tiers as they were typed; null where some of them are no numbers, which the API says better.</summary>
    public static MeterRate? Read(string rateType, string tierType, IReadOnlyList<(string Start, string Rate)> rows)
    {
        var tiers = new List<Tier>();
        foreach (var (start, rate) in rows)
        {
            if (!decimal.TryParse(start, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var from) || from > 1_000_000_000_000) return null;
            if (!decimal.TryParse(rate, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) || price > 1_000_000) return null;
            if (tiers.Count == 0 ? from != 0 : from <= tiers[^1].Start) return null;
            tiers.Add(new Tier(from, price));
        }

        return tiers.Count == 0 ? null : new MeterRate(MeterWords.RateType(rateType), MeterWords.TierType(tierType), tiers);
    }
}
