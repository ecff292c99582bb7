using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>By what usage is grouped.</summary>
/// <param name="Rows">Which roll-ups know it: one of <see cref="UsageGroups"/>' names.</param>
/// <param name="NameOf">The group that the parts of a roll-up's key belong to; null for the calls without one.</param>
/// <param name="NameOfCall">The groups of a call.</param>
internal sealed record UsageGrouping(string Rows, Func<string[], string?> NameOf, Func<UsageRecord, IEnumerable<string?>> NameOfCall)
{
    /// <summary>What names a metadata key.</summary>
    public const string MetadataPrefix = "metadata.";

    /// <summary>All calls are one group.</summary>
    public static readonly UsageGrouping None = new(UsageGroups.Calls, _ => null, _ => [null]);

    /// <summary>The metadata key; null for another grouping.</summary>
    public string? MetadataKey { get; private init; }

    /// <summary>The grouping of that name; null where there is none.</summary>
    public static UsageGrouping? Of(string name) => name switch
    {
        "provider" => new UsageGrouping(UsageGroups.Calls, parts => Name(parts[0]), record => [record.Provider]),
        "spend_key" => new UsageGrouping(UsageGroups.Calls, parts => Name(parts[1]), record => [record.SpendKeyId]),
        "meter" => new UsageGrouping(UsageGroups.Calls, parts => Name(parts[2]), record => [record.MeterId]),
        "model" => new UsageGrouping(UsageGroups.Calls, parts => Name(parts[3]), record => [record.Model]),
        "customer" => new UsageGrouping(UsageGroups.Customers, parts => Name(parts[0]), record => record.CustomerId is null ? [] : [record.CustomerId]),
        _ when !name.StartsWith(MetadataPrefix, StringComparison.Ordinal) => null,
        _ => IsKey(name.AsSpan(MetadataPrefix.Length)) ? OfMetadata(name[MetadataPrefix.Length..]) : null,
    };

    private static UsageGrouping OfMetadata(string key) =>
        new(
            UsageGroups.Metadata,
            parts => parts[1],
            record => record.Metadata?.TryGetValue(key, out var value) == true && value.Length <= UsageGroups.MaxValueLength ? [value] : [])
        {
            MetadataKey = key,
        };

    private static bool IsKey(ReadOnlySpan<char> key)
    {
        foreach (var c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return key.Length is > 0 and <= 255;
    }

    private static string? Name(string part) => part.Length == 0 ? null : part;
}
