namespace Lava.Core.Catalogue;

/// <summary>A model that a provider serves, and its price.</summary>
public sealed record CatalogueModel
{
    /// <summary>The provider's own name for it, as a request carries it (<c>gpt-4o-mini</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Other names that the provider accepts for the same model at the same price (dated snapshots, <c>-latest</c>).</summary>
    public IReadOnlyList<string> Aliases { get => field ?? []; init; }

    /// <summary>What it does.</summary>
    public EndpointKind Kind { get; init; }

    /// <summary>Most tokens of prompt and answer together; null where the provider names none.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Most tokens that an answer can have; null where the provider names none.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>What it can do beyond text: <c>tools</c>, <c>vision</c>, <c>reasoning</c>, <c>json_schema</c>, <c>audio</c>, …</summary>
    public IReadOnlyList<string> Capabilities { get => field ?? []; init; }

    /// <summary>What it takes and gives beyond <see cref="Capabilities"/>, in words that <see cref="Profiles.ModelProfile"/> reads; null where nothing is
    /// known.</summary>
    public string? Profile { get; init; }

    /// <summary>Where its price is listed; null: as its provider's.</summary>
    public string? Source { get; init; }

    /// <summary>The day on which its price was last compared with that list; null: as its provider's.</summary>
    public DateOnly? Checked { get; init; }

    /// <summary>When the provider released it, unix seconds; 0 where unknown.</summary>
    public long Created { get; init; }

    /// <summary>The list price. A model without one is refused, never served at zero; a free model says so with zeros.</summary>
    public required ModelPrice Price { get; init; }
}
