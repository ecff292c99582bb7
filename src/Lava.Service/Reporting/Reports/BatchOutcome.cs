using System.Text.Json.Serialization;
using Lava.Service.Api.Errors;
using Lava.Service.Reporting.Requests;

namespace Lava.Service.Reporting.Reports;

/// <summary>What became of a report of a batch.</summary>
/// <param name="RequestId">Its id; null where it named none.</param>
/// <param name="Status">What the report alone would have been answered with: 201, 200 for one that was made before, or a refusal's status.</param>
/// <param name="Request">The request; absent for a refusal.</param>
/// <param name="Error">The refusal; absent otherwise.</param>
internal sealed record BatchOutcome(
    string? RequestId,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestResponse? Request,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ErrorDetail? Error);
