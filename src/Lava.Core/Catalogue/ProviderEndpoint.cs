namespace Lava.Core.Catalogue;

/// <summary>One endpoint of a provider that may be called through the gateway.</summary>
public sealed record ProviderEndpoint
{
    /// <summary>HTTP method in upper case; <c>*</c> for any.</summary>
    public required string Method { get; init; }

    /// <summary>Path pattern below the host, starting with <c>/</c>. <c>{model}</c> captures the model (up to the next literal of the pattern,
    /// percent-decoded; it may contain slashes where the provider's ids do), <c>{id}</c> matches one segment. One model at the most, after every
    /// id.</summary>
    public required string Path { get; init; }

    /// <summary>What it is for.</summary>
    public required EndpointKind Kind { get; init; }

    /// <summary>Its wire format.</summary>
    public WireFormat Format { get; init; }

    /// <summary>The model that the provider takes where a request names none; null where it must name one.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What the ids of the models have in common that are served here, where those are not all of the provider's; null for all.</summary>
    public string? OnlyModels { get; init; }

    /// <summary>Where calls at this address are computed, in the words of <see cref="PriceRule.Geo"/>, where its models may cost more for that; null where the
    /// answer says so, or it changes nothing.</summary>
    public string? Geo { get; init; }

    /// <summary>US dollars per successful call for an endpoint that is not priced by a model; null: the model's price decides.</summary>
    public decimal? RequestPrice { get; init; }

    /// <summary>By which names a host of OpenAI's chats takes the most tokens of an answer, where it is not <c>max_tokens</c> alone. Only these bound what a
    /// call can cost: a host passes over what it does not know.</summary>
    public IReadOnlyList<string>? OutputLimits { get; init; }

    /// <summary>Query parameters that may go to it beside those of its format.</summary>
    public IReadOnlyList<string>? Query { get; init; }

    /// <summary>What becomes of a cost that its answers report.</summary>
    public ReportedCosts ReportedCost { get; init; }

    /// <summary>True for a path that always streams (Gemini's <c>:streamGenerateContent</c>, Bedrock's <c>converse-stream</c>).</summary>
    public bool Streams { get; init; }

    /// <summary>Whether a model of its kind is among those that are served here.</summary>
    public bool Has(CatalogueModel model) => OnlyModels is null || model.Id.Contains(OnlyModels, StringComparison.Ordinal);
}
