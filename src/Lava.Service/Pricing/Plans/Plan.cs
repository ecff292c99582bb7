using Lava.Core.Billing;

namespace Lava.Service.Pricing.Plans;

/// <summary>A plan: what a customer pays by cycle and what that includes.</summary>
public sealed record Plan
{
    /// <summary><c>sc_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>US dollars by cycle; 0 for a free plan.</summary>
    public decimal PeriodAmount { get; init; }

    /// <summary>Credit by cycle.</summary>
    public decimal IncludedCredit { get; init; }

    /// <summary>Length of a cycle.</summary>
    public BillingInterval Interval { get; init; } = BillingInterval.Month;

    /// <summary>Whether unused included credit carries over.</summary>
    public bool RollsOver { get; init; }

    /// <summary>Whether unused bundle credit carries over.</summary>
    public bool BundlesRollOver { get; init; } = true;

    /// <summary>Whether every meter of the merchant draws on its credit: so does the Free plan that a merchant begins with, until its meters are
    /// chosen.</summary>
    public bool CoversEveryMeter { get; init; }

    /// <summary>Meters that draw on its credit.</summary>
    public IReadOnlyList<string> MeterIds
    {
        get => field ?? [];
        init;
    }

    /// <summary>Whether a meter draws on its credit.</summary>
    public bool Covers(string meterId) => CoversEveryMeter || MeterIds.Contains(meterId);

    /// <summary>Bundles that its customers can buy, oldest first.</summary>
    public IReadOnlyList<CreditBundle> Bundles
    {
        get => field ?? [];
        init;
    }

    /// <summary>The bundle that new subscriptions buy when their credits are used up; null for none.</summary>
    public string? DefaultTopUpBundleId { get; init; }

    /// <summary>Whether nothing is paid for it by cycle.</summary>
    public bool IsFree => PeriodAmount == 0;

    /// <summary>When it was withdrawn; null while it is offered.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
