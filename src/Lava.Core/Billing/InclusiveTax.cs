namespace Lava.Core.Billing;

/// <summary>Tax that is part of a price.</summary>
public static class InclusiveTax
{
    /// <summary>The tax in an amount, rounded half up to the cent: amount · rate / (100 + rate). The rest of the amount is the net.</summary>
    /// <param name="amount">US dollars, tax included, at least 0.</param>
    /// <param name="rate">Percent, at least 0.</param>
    public static decimal In(decimal amount, decimal rate) => Math.Round(amount * rate / (100 + rate), 2, MidpointRounding.AwayFromZero);
}
