using System.Collections.ObjectModel;

namespace Lava.Core.Catalogue;

/// <summary>A provider of the catalogue: where it lives, how it is authenticated, what it serves at which price.</summary>
public sealed record CatalogueProvider
{
    /// <summary>Lower-case id, as spend keys and the models list name it (<c>openai</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Other names of it, any case: what the SDK calls it, what callers write in <c>provider/model</c>.</summary>
    public IReadOnlyList<string> Aliases { get => field ?? []; init; }

    /// <summary>Name for people.</summary>
    public required string Label { get; init; }

    /// <summary>Hosts that belong to it, lower case; a star stands for one label (<c>bedrock-runtime.*.amazonaws.com</c>).</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Base address as the SDK has it (<c>https://api.openai.com/v1</c>).</summary>
    public required string BaseUrl { get; init; }

    /// <summary>How it takes its key.</summary>
    public AuthStyle Auth { get; init; }

    /// <summary>Headers that each call must carry unless the caller sends them (<c>anthropic-version</c>).</summary>
    public IReadOnlyDictionary<string, string> DefaultHeaders { get => field ?? ReadOnlyDictionary<string, string>.Empty; init; }

    /// <summary>Headers of callers that go on to it beside those that its formats have, any case.</summary>
    public IReadOnlyList<string> Headers { get => field ?? []; init; }

    /// <summary>Headers of callers that name an account at it, any case: they go on with a key of the caller's own only.</summary>
    public IReadOnlyList<string> AccountHeaders { get => field ?? []; init; }

    /// <summary>Where its API is documented.</summary>
    public string? ApiReference { get; init; }

    /// <summary><c>model</c> for AI models, <c>api</c> for other services.</summary>
    public string ServiceType { get => field ?? "model"; init; }

    /// <summary>Whether Lava's operator can hold a key for it; otherwise callers bring their own.</summary>
    public required bool Managed { get; init; }

    /// <summary>Whether it makes the models that it serves; then it is preferred to other hosts of the same model.</summary>
    public bool FirstParty { get; init; }

    /// <summary>Whether its endpoints of OpenAI's formats have custom tools, whose input is plain text; those who imitate OpenAI know functions only.</summary>
    public bool CustomTools { get; init; }

    /// <summary>The endpoints that may be called, in order of matching.</summary>
    public required IReadOnlyList<ProviderEndpoint> Endpoints { get; init; }

    /// <summary>Id of the provider whose models it serves too, at the same prices; null for none.</summary>
    public string? ModelsOf { get; init; }

    /// <summary>What tools that it runs itself cost, where a model's price says nothing else.</summary>
    public ToolPrices? Tools { get; init; }

    /// <summary>Where its prices are listed; a model may name another place.</summary>
    public string? Source { get; init; }

    /// <summary>The day on which its prices were last compared with that list; a model may name another.</summary>
    public DateOnly? Checked { get; init; }

    /// <summary>Its models.</summary>
    public IReadOnlyList<CatalogueModel> Models { get => field ?? []; init; }
}
