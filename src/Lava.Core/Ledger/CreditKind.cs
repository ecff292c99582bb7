namespace Lava.Core.Ledger;

/// <summary>Where credits come from.</summary>
public enum CreditKind
{
    /// <summary>Included in the plan, this cycle.</summary>
    Included,

    /// <summary>Included in the plan, carried over from an earlier cycle.</summary>
    Rollover,

    /// <summary>Bought as a bundle, or given by the merchant.</summary>
    Bundle,
}
