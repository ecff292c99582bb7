using Lava.Service.Meters;

namespace Lava.Service.Requests;

/// <summary>A slice of a charge on the wire.</summary>
public sealed record SliceResponse(TierResponse Tier, decimal Tokens, decimal Characters, decimal Seconds, string Cost);
