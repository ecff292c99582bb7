namespace Lava.Service.Pricing.Plans;

/// <summary>Credits that customers of a plan can buy beside it.</summary>
/// <param name="Id"><c>cb_…</c>.</param>
/// <param name="PlanId">The plan to which it belongs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="CreditAmount">Credits.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record CreditBundle(string Id, string PlanId, string Name, decimal Cost, decimal CreditAmount, DateTimeOffset CreatedAt);
