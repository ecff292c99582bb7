using System.Text.Json.Serialization;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage of the whole range.</summary>
internal sealed record UsageTotals(long TotalRequests, long TotalUsageTokens, string TotalCost, string TotalCharge)
{
    /// <summary>Which group it is; null for all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageGroupName? Group { get; init; }

    /// <summary>How the calls went; null unless it is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsagePerformance? Performance { get; init; }
}
