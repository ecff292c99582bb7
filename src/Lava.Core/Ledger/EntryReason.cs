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

    /// <summary>Cycle credit that a plan carries into the next cycle: it changes its kind, not its account.</summary>
    Rollover,

    /// <summary>Credit that ran out unspent.</summary>
    Expiry,

    /// <summary>Credit of a bundle that the customer bought.</summary>
    Bundle,

    /// <summary>Credit of a bundle that was bought automatically when the credits were used up.</summary>
    TopUp,

    /// <summary>Money taken from a customer's card.</summary>
    CardCharge,

    /// <summary>Money given back to a customer's card.</summary>
    Refund,

    /// <summary>Money that a bank took back because its cardholder disputes a payment.</summary>
    CardDispute,

    /// <summary>Money of a dispute that was won.</summary>
    CardDisputeReversal,

    /// <summary>A correction by hand: a merchant's own of a customer's credits, or the operator's of a wallet.</summary>
    Adjustment,

    /// <summary>What a provider reported beyond what could be, charged by the operator's decision.</summary>
    Dispute,
}
