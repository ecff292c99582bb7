namespace Lava.Core.Billing;

/// <summary>What is to be done next for a subscription.</summary>
public enum BillingStep
{
    /// <summary>Nothing, until its time comes.</summary>
    None,

    /// <summary>The payment under way is to be brought to its end.</summary>
    FinishPayment,

    /// <summary>The cycle is over: renew, follow the pending change, or ask for the money.</summary>
    EndCycle,

    /// <summary>A renewal that failed is to be tried again.</summary>
    RetryRenewal,

    /// <summary>Usage has used up the credits: bundles are to be bought.</summary>
    TopUp,
}
