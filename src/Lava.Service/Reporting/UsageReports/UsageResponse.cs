namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage on the wire (rest-api.md §2.7).</summary>
internal sealed record UsageResponse(IReadOnlyList<UsageItem> Items, UsageTotals Totals);
