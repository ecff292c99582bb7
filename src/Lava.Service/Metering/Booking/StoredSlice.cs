using Lava.Core.Pricing;

namespace Lava.Service.Metering.Booking;

/// <summary>A slice of a charge.</summary>
/// <param name="Start">Start of the tier.</param>
/// <param name="Rate">Rate of the tier.</param>
/// <param name="Type">Unit of the tier.</param>
/// <param name="Tokens">Tokens in the slice.</param>
/// <param name="Characters">Characters in the slice.</param>
/// <param name="Seconds">Seconds in the slice.</param>
/// <param name="Cost">Credits.</param>
public sealed record StoredSlice(decimal Start, decimal Rate, TierType Type, decimal Tokens, decimal Characters, decimal Seconds, decimal Cost);
