namespace Lava.Service.Catalogue.Views;

/// <summary>Price of a service, US dollars, as numbers (rest-api.md §15.2).</summary>
internal sealed record ServicePricing
{
    /// <summary>Unit of <see cref="Input"/> and <see cref="Output"/>: <c>tokens_1m</c>, <c>characters_1m</c>, <c>minute</c>, <c>image</c>,
    /// <c>searches_1k</c>, <c>request</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Per unit sent.</summary>
    public decimal? Input { get; init; }

    /// <summary>Per unit answered.</summary>
    public decimal? Output { get; init; }

    /// <summary>Per 1M prompt tokens read from a cache; absent: as <see cref="Input"/>.</summary>
    public decimal? CacheInputRead { get; init; }

    /// <summary>Per 1M prompt tokens written to a cache; absent: as <see cref="Input"/>.</summary>
    public decimal? CacheInputWrite { get; init; }

    /// <summary>Per successful request, on top.</summary>
    public decimal? CostPerRequest { get; init; }

    /// <summary>Text tokens, where media have prices of their own.</summary>
    public PartPricing? Text { get; init; }

    /// <summary>Audio tokens.</summary>
    public PartPricing? Audio { get; init; }

    /// <summary>Image tokens.</summary>
    public PartPricing? Image { get; init; }
}
