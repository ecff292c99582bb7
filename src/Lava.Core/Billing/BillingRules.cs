namespace Lava.Core.Billing;

/// <summary>Rules of billing that the operator sets.</summary>
public sealed record BillingRules
{
    /// <summary>Bundles that automatic purchases buy at most in a day, where a subscription has no limit of its own.</summary>
    public int TopUpBundlesPerDay { get; init; } = 10;

    /// <summary>Bundles that automatic purchases buy at most in a billing cycle, where a subscription has no limit of its own.</summary>
    public int TopUpBundlesPerCycle { get; init; } = 100;

    /// <summary>Whether cycles that went by while the server was off are charged too. Otherwise only the one that is under way is.</summary>
    public bool ChargeMissedCycles { get; init; }
}
