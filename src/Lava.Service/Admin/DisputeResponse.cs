using System.Text.Json.Serialization;
using Lava.Core.Money;
using Lava.Service.Metering.Disputes;

namespace Lava.Service.Admin;

/// <summary>A dispute on the wire.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="MerchantId">Its merchant.</param>
/// <param name="Mode"><c>test</c> or <c>live</c>.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model; absent without one.</param>
/// <param name="ReportedInputTokens">Input tokens that the provider reported.</param>
/// <param name="ReportedOutputTokens">Output tokens that it reported.</param>
/// <param name="ChargedCost">What the wallet was charged, US dollars.</param>
/// <param name="HeldCost">What it was not, US dollars.</param>
/// <param name="Decision"><c>charged</c> or <c>dismissed</c>; absent while it is open.</param>
/// <param name="CreatedAt">When the call came in.</param>
/// <param name="DecidedAt">When it was decided; absent while it is open.</param>
internal sealed record DisputeResponse(
    string RequestId,
    string MerchantId,
    string Mode,
    string Provider,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Model,
    long ReportedInputTokens,
    long ReportedOutputTokens,
    string ChargedCost,
    string HeldCost,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Decision,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? DecidedAt)
{
    /// <summary>Shows a dispute.</summary>
    public static DisputeResponse Of(StoredDispute dispute) => new(
        dispute.RequestId,
        dispute.MerchantId,
        dispute.IsLive ? "live" : "test",
        dispute.Provider,
        dispute.Model,
        dispute.Reported.InputTokens,
        dispute.Reported.OutputTokens,
        Amount.Fixed(dispute.ChargedCost),
        Amount.Fixed(dispute.HeldCost),
        dispute.Decision,
        dispute.CreatedAt,
        dispute.DecidedAt);
}
