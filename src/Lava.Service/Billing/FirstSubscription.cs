namespace Lava.Service.Billing;

/// <summary>What a customer's billing opens with.</summary>
/// <param name="Id">The subscription (<c>as_…</c>).</param>
/// <param name="PlanId">Its plan.</param>
public readonly record struct FirstSubscription(string Id, string PlanId);
