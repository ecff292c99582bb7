namespace Lava.Service.Billing;

/// <summary>The queue of customers whose billing is to be looked at.</summary>
public static class BillingQueue
{
    /// <summary>Its name.</summary>
    public const string Name = "billing";
}
