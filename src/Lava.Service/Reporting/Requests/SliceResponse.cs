using Lava.Service.Pricing.Meters;

namespace Lava.Service.Reporting.Requests;

/// <summary>A slice of a charge on the wire.</summary>
internal sealed record SliceResponse(TierResponse Tier, decimal Tokens, decimal Characters, decimal Seconds, string Cost);
