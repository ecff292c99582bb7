namespace Lava.Core.Catalogue;

/// <summary>Token prices (US dollars per 1M) for the whole call once its prompt has more than <see cref="Above"/> tokens.</summary>
/// <param name="Above">Prompt tokens above which these prices apply.</param>
/// <param name="Input">Per 1M prompt tokens.</param>
/// <param name="Output">Per 1M answer tokens.</param>
/// <param name="CacheRead">Per 1M tokens read from a cache; null: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">Per 1M tokens written to a cache; null: as <paramref name="Input"/>.</param>
public sealed record LongContextPrice(long Above, decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null);
