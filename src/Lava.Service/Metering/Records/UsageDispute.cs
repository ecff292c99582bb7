using Lava.Core.Pricing;

namespace Lava.Service.Metering.Records;

/// <summary>Usage that a provider reported and that a call cannot have had.</summary>
/// <param name="Reported">All that it reported.</param>
/// <param name="HeldCost">By how much its list price is above what was charged, US dollars, 12 decimals.</param>
public sealed record UsageDispute(Usage Reported, decimal HeldCost);
