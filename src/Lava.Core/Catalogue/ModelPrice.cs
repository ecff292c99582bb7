namespace Lava.Core.Catalogue;

/// <summary>A model's list price in US dollars. Token prices are per 1,000,000 tokens, character prices per 1,000,000 characters.
/// A null price of a part means that the part costs what the whole does (cache parts and media: as <see cref="Input"/> or <see cref="Output"/>).</summary>
public sealed record ModelPrice
{
    /// <summary>Per 1M prompt tokens; null where the model is not billed by tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>Per 1M answer tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Per 1M prompt tokens read from a cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Per 1M prompt tokens written to a cache of ordinary lifetime.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Per 1M prompt tokens written to a long-lived cache.</summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>Per 1M audio tokens in.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Per 1M audio tokens out.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>Per 1M image tokens in.</summary>
    public decimal? ImageInput { get; init; }

    /// <summary>Per 1M image tokens out.</summary>
    public decimal? ImageOutput { get; init; }

    /// <summary>Per 1M characters of input text (speech).</summary>
    public decimal? Characters { get; init; }

    /// <summary>Per minute of audio (transcription), prorated to the second.</summary>
    public decimal? Minute { get; init; }

    /// <summary>Per image made.</summary>
    public decimal? Image { get; init; }

    /// <summary>Per 1,000 searches (rerank): the provider's unit of a query and up to a hundred documents.</summary>
    public decimal? Search { get; init; }

    /// <summary>Per successful request, on top of the rest.</summary>
    public decimal? Request { get; init; }

    /// <summary>Prices of tools that the provider runs; null: those of <see cref="CatalogueProvider.Tools"/>.</summary>
    public ToolPrices? Tools { get; init; }

    /// <summary>Where other token prices hold, in the order in which they apply.</summary>
    public IReadOnlyList<PriceRule> When { get => field ?? []; init; }
}
