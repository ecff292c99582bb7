using Lava.Core.Pricing;

namespace Lava.Service.Metering.Disputes;

/// <summary>A call whose provider reported more than it can have used, as the operator's list holds it.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Whether the call was made in live mode.</param>
/// <param name="Call">The call's ULID.</param>
/// <param name="RequestId">Its request's id.</param>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model.</param>
/// <param name="CreatedAt">When the call came in.</param>
/// <param name="ChargedCost">What the wallet was charged, US dollars.</param>
/// <param name="HeldCost">What it was not charged, US dollars.</param>
/// <param name="Reported">What the provider reported.</param>
internal sealed record StoredDispute(
    string MerchantId,
    bool IsLive,
    string Call,
    string RequestId,
    string Provider,
    string? Model,
    DateTimeOffset CreatedAt,
    decimal ChargedCost,
    decimal HeldCost,
    Usage Reported)
{
    /// <summary><c>charged</c> or <c>dismissed</c>; null while it is open.</summary>
    public string? Decision { get; init; }

    /// <summary>When it was decided; null while it is open.</summary>
    public DateTimeOffset? DecidedAt { get; init; }
}
