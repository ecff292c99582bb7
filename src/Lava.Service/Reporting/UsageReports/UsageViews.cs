using System.Globalization;
using Lava.Core.Money;
using Lava.Service.Metering.Rollups;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Sums as the API shows them.</summary>
internal static class UsageViews
{
    /// <summary>A span's sum.</summary>
    /// <param name="start">Its first moment, in the zone of the query.</param>
    /// <param name="next">The first moment of the span after it.</param>
    /// <param name="sum">The sum.</param>
    public static UsageItem Item(DateTimeOffset start, DateTimeOffset next, UsageSum sum) => new(
        start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Text(start),
        Text(next.AddSeconds(-1)),
        sum.Requests,
        sum.Tokens,
        Amount.Fixed(sum.Cost),
        Amount.Fixed(sum.Charge));

    /// <summary>A range's sum.</summary>
    public static UsageTotals Totals(UsageSum sum) => new(sum.Requests, sum.Tokens, Amount.Fixed(sum.Cost), Amount.Fixed(sum.Charge));

    private static string Text(DateTimeOffset time) =>
        time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
