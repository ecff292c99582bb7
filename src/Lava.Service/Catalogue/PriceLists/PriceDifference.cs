namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Where a price list and the catalogue differ.</summary>
/// <param name="Entry">What the list says.</param>
/// <param name="Part">The part of the price (<c>input</c>, <c>output above 200000</c>, …); null where the catalogue has no such model.</param>
/// <param name="Ours">The catalogue's price, US dollars per 1M tokens.</param>
/// <param name="Theirs">The list's price, US dollars per 1M tokens.</param>
public sealed record PriceDifference(PriceListEntry Entry, string? Part, decimal Ours, decimal Theirs);
