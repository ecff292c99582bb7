using Lava.Core.Billing;

namespace Lava.Service.Plans;

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

    /// <summary>Meters that draw on its credit. Empty: every meter of the merchant does.</summary>
    public IReadOnlyList<string> MeterIds { get; init; } = [];

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
