namespace Lava.Service.Pricing.Plans;

/// <summary>A credit bundle of a plan on the wire.</summary>
internal sealed record PlanBundle(string CreditBundleId, string Name, string Cost, string CreditAmount);
