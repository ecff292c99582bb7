namespace Lava.Service.Reporting.UsageReports;

/// <summary>Percentiles of the time from a call's arrival to its answer's first byte, in milliseconds, right to within 10 %.</summary>
internal sealed record UsageLatency(double P50, double P95, double P99);
