namespace Lava.Service.Reporting.Reports;

/// <summary>What became of a batch of reports, in their order.</summary>
internal sealed record BatchResponse(IReadOnlyList<BatchOutcome> Data);
