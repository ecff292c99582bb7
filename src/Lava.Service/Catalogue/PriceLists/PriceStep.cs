namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Prices of a list above a length of the prompt, US dollars per 1M tokens.</summary>
/// <param name="Above">Prompt tokens above which they hold.</param>
/// <param name="Input">Per 1M prompt tokens.</param>
/// <param name="Output">Per 1M answer tokens.</param>
/// <param name="CacheRead">Per 1M prompt tokens read from a cache; null where the list says nothing.</param>
public sealed record PriceStep(long Above, decimal Input, decimal Output, decimal? CacheRead);
