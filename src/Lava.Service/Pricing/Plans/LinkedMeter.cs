namespace Lava.Service.Pricing.Plans;

/// <summary>A meter of a plan on the wire.</summary>
public sealed record LinkedMeter(string MeterId, string Name);
