namespace Lava.Core.Billing;

/// <summary>How long a billing cycle is.</summary>
public enum BillingInterval
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>Seven days.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year.</summary>
    Year,
}
