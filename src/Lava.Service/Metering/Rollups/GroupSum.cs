namespace Lava.Service.Metering.Rollups;

/// <summary>A sum over the calls of a group, those that failed included.</summary>
/// <param name="Sum">Of the completed ones.</param>
/// <param name="Errors">How many failed.</param>
/// <param name="Latency">Times from the arrival of the gateway's completed calls to the first byte of their answers: counts by
/// <see cref="LatencyBuckets"/>.</param>
internal sealed record GroupSum(UsageSum Sum, long Errors = 0, IReadOnlyDictionary<int, long>? Latency = null)
{
    /// <summary>Nothing.</summary>
    public static readonly GroupSum None = new(default(UsageSum));

    /// <summary>This sum and another.</summary>
    public GroupSum Add(GroupSum other)
    {
        var latency = Latency ?? other.Latency;
        if (Latency is not null && other.Latency is not null)
        {
            var both = new Dictionary<int, long>(Latency);
            foreach (var (bucket, count) in other.Latency) both[bucket] = both.GetValueOrDefault(bucket) + count;
            latency = both;
        }

        return new GroupSum(Sum + other.Sum, Errors + other.Errors, latency);
    }
}
