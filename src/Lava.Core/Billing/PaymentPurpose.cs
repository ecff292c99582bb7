namespace Lava.Core.Billing;

/// <summary>What a payment is for.</summary>
public enum PaymentPurpose
{
    /// <summary>The next cycle of the plan.</summary>
    Renewal,

    /// <summary>A dearer plan, at once.</summary>
    Upgrade,

    /// <summary>A bundle that the customer asked for.</summary>
    Bundle,

    /// <summary>A bundle because the credits are used up.</summary>
    TopUp,
}
