namespace Lava.Core.Pricing;

/// <summary>One line of a call's cost: so much of something at its list price.</summary>
/// <param name="Item">What it is for (<c>input</c>, <c>cache_read</c>, <c>web_search</c>, …), by the names of the catalogue's prices.</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="Price">The price, US dollars, after tier, speed, region, length and time.</param>
/// <param name="Per">For how much of it that is the price: 1,000,000 tokens or characters, 1,000 calls, 60 seconds, 1.</param>
public readonly record struct CostLine(string Item, decimal Quantity, decimal Price, decimal Per)
{
    /// <summary>What it comes to, US dollars, unrounded.</summary>
    public decimal Amount => Quantity * Price / Per;
}
