using System.Text.Json.Serialization;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage on the wire (rest-api.md §2.7).</summary>
internal sealed record UsageResponse(IReadOnlyList<UsageItem> Items, UsageTotals Totals)
{
    /// <summary>The groups over the whole range, the largest first; null for usage that is not grouped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UsageTotals>? Groups { get; init; }
}
