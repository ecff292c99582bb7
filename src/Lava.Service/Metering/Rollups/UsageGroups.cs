using Lava.Service.Metering.Records;

namespace Lava.Service.Metering.Rollups;

/// <summary>By what usage is grouped in the roll-ups: the names of the rows and the keys of the groups in them. A group's key has its parts in lines.</summary>
internal static class UsageGroups
{
    /// <summary>By provider, spend key, meter and model.</summary>
    public const string Calls = "calls";

    /// <summary>By customer and meter.</summary>
    public const string Customers = "customers";

    /// <summary>By metadata pair.</summary>
    public const string Metadata = "metadata";

    /// <summary>Most groups of a row. Calls of further ones are counted among the rest.</summary>
    public const int MaxGroups = 200;

    /// <summary>Most values of a metadata key in a row.</summary>
    public const int MaxValues = 50;

    /// <summary>Most characters of a metadata value that is a group.</summary>
    public const int MaxValueLength = 100;

    /// <summary>The key of the calls beyond <see cref="MaxGroups"/>: it has no second part.</summary>
    public const string Rest = "*";

    /// <summary>The group of a call.</summary>
    public static string CallKey(UsageRecord record) =>
        $"{Part(record.Provider)}\n{Part(record.SpendKeyId)}\n{Part(record.MeterId)}\n{Part(record.Model)}";

    /// <summary>The group of a customer's call.</summary>
    public static string CustomerKey(UsageRecord record) => $"{Part(record.CustomerId)}\n{Part(record.MeterId)}";

    /// <summary>The group of a metadata pair; one of the key's other values where the value is too long.</summary>
    public static string PairKey(string key, string value) => value.Length > MaxValueLength ? key : $"{key}\n{value}";

    /// <summary>A call's figures.</summary>
    public static GroupSum SumOf(UsageRecord record, decimal charge)
    {
        if (record.IsError) return new GroupSum(default, 1);
        var latency = record.LatencyMilliseconds is { } taken ? new Dictionary<int, long> { [LatencyBuckets.Of(taken)] = 1 } : null;
        return new GroupSum(DayRollups.SumOf(record, charge), 0, latency);
    }

    private static string Part(string? text) => text is null ? "" : text.Replace('\n', ' ');
}
