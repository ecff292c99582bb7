namespace Lava.Service.Metering.Rollups;

/// <summary>Counts of times by bucket. Bucket <c>n</c> holds the times from 2^(n/4) up to 2^((n+1)/4) milliseconds, so a percentile that is read from them is
/// right to within 10 %, and counts of several hours or groups can be added.</summary>
internal static class LatencyBuckets
{
    private const double PerDoubling = 4;

    /// <summary>An hour and more.</summary>
    private const int Last = 87;

    /// <summary>The bucket of a time; what is below a millisecond is in the first.</summary>
    /// <param name="milliseconds">The time.</param>
    public static int Of(double milliseconds) => (int)Math.Clamp(Math.Floor(Math.Log2(Math.Max(milliseconds, 1)) * PerDoubling), 0, Last);

    /// <summary>The time below which that share of the counted times lies, in milliseconds; null where nothing was counted.</summary>
    /// <param name="counts">Counts by bucket.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double? Percentile(IReadOnlyDictionary<int, long> counts, double share)
    {
        var total = counts.Values.Sum();
        if (total == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        var bucket = 0;
        foreach (var (candidate, count) in counts.OrderBy(entry => entry.Key))
        {
            bucket = candidate;
            rank -= count;
            if (rank <= 0) break;
        }

        var middle = Math.Pow(2, (bucket + 0.5) / PerDoubling);
        return Math.Round(middle, middle < 100 ? 1 : 0);
    }
}
