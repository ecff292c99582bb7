using Lava.Service.Api.Errors;
using Lava.Service.Reporting.Requests;

namespace Lava.Service.Reporting.Reports;

/// <summary>What became of a report.</summary>
/// <param name="Request">The request; null where the report was refused.</param>
/// <param name="IsNew">Whether it was reported for the first time.</param>
/// <param name="Error">The refusal; null where there is none.</param>
internal sealed record ReportOutcome(RequestResponse? Request, bool IsNew, ApiError? Error = null);
