using Lava.Service.Metering.Rollups;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Shows sums by group as the API does: the largest groups by name, the others as one.</summary>
internal static class GroupedView
{
    /// <summary>Most groups that can be asked for.</summary>
    public const int MaxGroups = 100;

    /// <summary>How many groups are listed unless more or fewer are asked for.</summary>
    public const int DefaultGroups = 20;

    /// <summary>The response.</summary>
    /// <param name="sums">By span and group.</param>
    /// <param name="range">The range asked for.</param>
    /// <param name="by">What is grouped by; null for spans as a whole.</param>
    /// <param name="limit">How many groups are listed.</param>
    public static UsageResponse Show(Dictionary<(DateTimeOffset Span, UsageGroup Group), GroupSum> sums, UsageRange range, string? by, int limit)
    {
        var groups = Merge(sums.Select(entry => (entry.Key.Group, entry.Value)));
        var listed = Largest(groups.Where(entry => !entry.Key.IsRest)).Take(limit).Select(entry => entry.Key).ToHashSet();
        var items = new List<UsageItem>();
        var bySpan = sums
            .GroupBy(entry => entry.Key.Span)
            .ToDictionary(span => span.Key, span => Merge(span.Select(entry => (Place(entry.Key.Group), entry.Value))));
        for (var span = range.SpanOf(range.Start); span <= range.End; span = range.After(span))
        {
            if (bySpan.TryGetValue(span, out var found)) items.AddRange(Largest(found).Select(entry => Item(span, entry.Key, entry.Value)));
            else if (by is null) items.Add(Item(span, default, GroupSum.None));
        }

        var total = groups.Values.Aggregate(GroupSum.None, (sum, next) => sum.Add(next));
        var placed = Merge(groups.Select(entry => (Place(entry.Key), entry.Value)));
        return new UsageResponse(items, Total(null, total))
        {
            Groups = by is null ? null : [.. Largest(placed).Select(entry => Total(Name(entry.Key), entry.Value))],
        };

        UsageGroup Place(UsageGroup group) => listed.Contains(group) ? group : new UsageGroup(null, true);

        UsageItem Item(DateTimeOffset span, UsageGroup group, GroupSum sum) =>
            UsageViews.Item(span, range.After(span), sum.Sum) with { Group = Name(group), Performance = Performance(sum) };

        UsageGroupName? Name(UsageGroup group) => by is null ? null : new UsageGroupName(by, group.Name, group.IsRest);
    }

    // The rest comes last, however much it is.
    private static IEnumerable<KeyValuePair<UsageGroup, GroupSum>> Largest(IEnumerable<KeyValuePair<UsageGroup, GroupSum>> groups) => groups
        .OrderBy(entry => entry.Key.IsRest)
        .ThenByDescending(entry => entry.Value.Sum.Cost)
        .ThenByDescending(entry => entry.Value.Sum.Charge)
        .ThenByDescending(entry => entry.Value.Sum.Requests)
        .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal);

    private static Dictionary<UsageGroup, GroupSum> Merge(IEnumerable<(UsageGroup Group, GroupSum Sum)> parts)
    {
        var merged = new Dictionary<UsageGroup, GroupSum>();
        foreach (var (group, sum) in parts) merged[group] = merged.GetValueOrDefault(group, GroupSum.None).Add(sum);
        return merged;
    }

    private static UsageTotals Total(UsageGroupName? name, GroupSum sum) => UsageViews.Totals(sum.Sum) with { Group = name, Performance = Performance(sum) };

    private static UsagePerformance Performance(GroupSum sum)
    {
        // A call that an earlier version closed as failed, and that completed after all, was never counted as failed.
        var errors = Math.Max(0, sum.Errors);
        var calls = sum.Sum.Requests + errors;
        var latency = sum.Latency ?? new Dictionary<int, long>();
        return new UsagePerformance(
            errors,
            calls == 0 ? 0 : Math.Round((double)errors / calls, 6),
            LatencyBuckets.Percentile(latency, 0.5) is { } median
                ? new UsageLatency(median, LatencyBuckets.Percentile(latency, 0.95)!.Value, LatencyBuckets.Percentile(latency, 0.99)!.Value)
                : null);
    }
}
