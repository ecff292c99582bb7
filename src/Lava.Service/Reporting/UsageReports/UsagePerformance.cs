namespace Lava.Service.Reporting.UsageReports;

/// <summary>How calls went.</summary>
/// <param name="TotalErrors">How many failed. They are not among the requests.</param>
/// <param name="ErrorRate">Errors by requests and errors, 0 to 1.</param>
/// <param name="LatencyMs">How soon the gateway's completed calls were answered; null where there were none.</param>
internal sealed record UsagePerformance(long TotalErrors, double ErrorRate, UsageLatency? LatencyMs);
