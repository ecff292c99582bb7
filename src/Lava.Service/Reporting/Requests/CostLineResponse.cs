namespace Lava.Service.Reporting.Requests;

/// <summary>A line of a request's cost on the wire: <c>amount = quantity × unit_price ÷ per</c>, US dollars.</summary>
/// <param name="Item">What it is for: <c>input</c>, <c>cache_read</c>, <c>cache_write</c>, <c>cache_write_long</c>, <c>output</c>, <c>web_search</c>, …</param>
/// <param name="Quantity">How much of it.</param>
/// <param name="UnitPrice">Its price after tier, speed, region, length and time.</param>
/// <param name="Per">For how much of it that is the price.</param>
/// <param name="Amount">What it comes to.</param>
internal sealed record CostLineResponse(string Item, string Quantity, string UnitPrice, long Per, string Amount);
