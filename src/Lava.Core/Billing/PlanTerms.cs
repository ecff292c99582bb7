namespace Lava.Core.Billing;

/// <summary>What a plan promises.</summary>
/// <param name="PlanId">The plan (<c>sc_…</c>).</param>
/// <param name="PeriodAmount">US dollars by cycle; 0 for a free plan.</param>
/// <param name="IncludedCredit">Credits by cycle.</param>
/// <param name="Interval">Length of a cycle.</param>
/// <param name="RollsOver">Whether unspent cycle credits carry over.</param>
/// <param name="BundlesRollOver">Whether unspent bundle credits carry over.</param>
/// <param name="TopUp">The bundle that new subscriptions buy when their credits are used up; null for none.</param>
/// <param name="IsWithdrawn">Whether it is offered no more: subscriptions end with their cycle.</param>
public sealed record PlanTerms(
    string PlanId,
    decimal PeriodAmount,
    decimal IncludedCredit,
    BillingInterval Interval,
    bool RollsOver,
    bool BundlesRollOver,
    TopUpOffer? TopUp = null,
    bool IsWithdrawn = false);
