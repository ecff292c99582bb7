namespace Lava.Core.Ledger;

/// <summary>Why money moved.</summary>
public enum EntryReason
{
    /// <summary>Provider cost of managed calls, from the wallet.</summary>
    ProviderCost,

    /// <summary>A meter's charge, from a customer's credits.</summary>
    UsageCharge,

    /// <summary>Money put into a wallet.</summary>
    Funding,

    /// <summary>Credit that a plan includes.</summary>
    IncludedCredit,
}
