namespace Lava.Service.Catalogue.PriceLists;

/// <summary>What a public price list says of a model at a provider, US dollars per 1M tokens; null where it says nothing.</summary>
/// <param name="Provider">Id of the provider in the catalogue.</param>
/// <param name="Model">The provider's name of the model.</param>
public sealed record PriceListEntry(string Provider, string Model)
{
    /// <summary>Whether it makes embeddings; otherwise it chats.</summary>
    public bool IsEmbedding { get; init; }

    /// <summary>Per 1M prompt tokens.</summary>
    public required decimal Input { get; init; }

    /// <summary>Per 1M answer tokens.</summary>
    public required decimal Output { get; init; }

    /// <summary>Per 1M prompt tokens read from a cache.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Per 1M prompt tokens written to a cache.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Per 1M prompt tokens written to a long-lived cache.</summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>Other prices above lengths of the prompt.</summary>
    public IReadOnlyList<PriceStep> Steps { get; init; } = [];

    /// <summary>Most tokens of prompt and answer.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>What it can do, in the catalogue's words.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];
}
