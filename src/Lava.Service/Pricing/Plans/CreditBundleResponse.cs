namespace Lava.Service.Pricing.Plans;

/// <summary>A credit bundle on the wire (rest-api.md §2.4).</summary>
internal sealed record CreditBundleResponse(string CreditBundleId, string PlanId, string Name, string Cost, string CreditAmount, DateTimeOffset CreatedAt);
