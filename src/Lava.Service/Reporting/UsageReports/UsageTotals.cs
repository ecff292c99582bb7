namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage of the whole range.</summary>
internal sealed record UsageTotals(long TotalRequests, long TotalUsageTokens, string TotalCost, string TotalCharge);
