namespace Lava.Service.Reporting.UsageReports;

/// <summary>A group of a usage report.</summary>
/// <param name="Name">What its calls have in common; null for the calls without one.</param>
/// <param name="IsRest">Whether it is the sum of the groups that are not listed.</param>
internal readonly record struct UsageGroup(string? Name, bool IsRest = false);
