namespace Lava.Service.Billing.Books;

/// <summary>What was sold with a payment that succeeded: what its invoice says.</summary>
/// <param name="PaymentId"><c>pay_…</c>.</param>
/// <param name="Kind">What was sold.</param>
/// <param name="Amount">US dollars, whole cents.</param>
/// <param name="At">When it was booked.</param>
/// <param name="PlanId">The plan; null for a wallet.</param>
/// <param name="BundleId">The bundle; null for a plan.</param>
/// <param name="Credits">Credits that came with it; 0 for none.</param>
/// <param name="Start">Begin of the plan's cycle; null for what has none.</param>
/// <param name="End">Its end.</param>
public sealed record Sale(
    string PaymentId,
    SaleKind Kind,
    decimal Amount,
    DateTimeOffset At,
    string? PlanId = null,
    string? BundleId = null,
    decimal Credits = 0,
    DateTimeOffset? Start = null,
    DateTimeOffset? End = null);
