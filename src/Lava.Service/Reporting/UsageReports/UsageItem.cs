using System.Text.Json.Serialization;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage of an hour, a day or a month, or of one group in it; its bounds are in the zone of the query.</summary>
internal sealed record UsageItem(string Date, string Start, string End, long TotalRequests, long TotalUsageTokens, string TotalCost, string TotalCharge)
{
    /// <summary>Which group it is; null for usage that is not grouped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageGroupName? Group { get; init; }

    /// <summary>How the calls went; null unless it is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsagePerformance? Performance { get; init; }
}
