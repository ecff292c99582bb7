namespace Lava.Service.Metering;

/// <summary>A metered request as the wallet's book holds it: the record and what was charged for it. Its row is the marker of the call's cost.</summary>
/// <param name="Record">What came from the gateway.</param>
/// <param name="Charge">What the meter made of it; null without a meter or for an error.</param>
/// <param name="CostEntry">The entry of the wallet's book that took its cost; null where none did.</param>
public sealed record StoredRequest(UsageRecord Record, StoredCharge? Charge, long? CostEntry);
