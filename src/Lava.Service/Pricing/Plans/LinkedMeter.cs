namespace Lava.Service.Pricing.Plans;

/// <summary>A meter of a plan on the wire.</summary>
internal sealed record LinkedMeter(string MeterId, string Name);
