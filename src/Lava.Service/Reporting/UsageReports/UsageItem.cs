namespace Lava.Service.Reporting.UsageReports;

/// <summary>Usage of an hour, a day or a month; its bounds are in the zone of the query.</summary>
internal sealed record UsageItem(string Date, string Start, string End, long TotalRequests, long TotalUsageTokens, string TotalCost, string TotalCharge);
