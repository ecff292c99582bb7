namespace Lava.Service.Reporting.UsageReports;

/// <summary>Names a group.</summary>
/// <param name="By">What was grouped by: <c>model</c>, <c>metadata.feature</c>.</param>
/// <param name="Value">The model, provider or id that its requests have in common; null for the requests without one, and for the rest.</param>
/// <param name="IsRest">Whether it is the sum of all groups that are not listed.</param>
internal sealed record UsageGroupName(string By, string? Value, bool IsRest);
