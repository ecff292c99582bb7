namespace Lava.Service.Pricing.Meters;

/// <summary>A tier on the wire: its start is a number, its rate a decimal string, its type the meter's unit.</summary>
internal sealed record TierResponse(decimal Start, string Rate, string Type);
