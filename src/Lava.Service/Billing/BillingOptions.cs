using System.ComponentModel.DataAnnotations;
using Lava.Core.Billing;

namespace Lava.Service.Billing;

/// <summary>Settings of billing (<c>Lava:Billing</c>).</summary>
public sealed class BillingOptions
{
    /// <summary>Bundles that automatic purchases buy at most in a day, where a subscription has no limit of its own.</summary>
    [Range(1, 1_000)]
    public int TopUpBundlesPerDay { get; set; } = 10;

    /// <summary>Bundles that automatic purchases buy at most in a billing cycle, where a subscription has no limit of its own.</summary>
    [Range(1, 100_000)]
    public int TopUpBundlesPerCycle { get; set; } = 100;

    /// <summary>Whether cycles that went by while the server was off are charged too.</summary>
    public bool ChargeMissedCycles { get; set; }

    /// <summary>The same as rules.</summary>
    public BillingRules Rules =>
        new() { TopUpBundlesPerDay = TopUpBundlesPerDay, TopUpBundlesPerCycle = TopUpBundlesPerCycle, ChargeMissedCycles = ChargeMissedCycles };
}
