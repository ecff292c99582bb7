using System.Text.Json.Serialization;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue.Views;

/// <summary>A model, or an endpoint with a price of its own (rest-api.md §15.2).</summary>
internal sealed record ServiceEntry
{
    /// <summary>The model's name, or <c>METHOD /path</c> of an endpoint.</summary>
    public required string Id { get; init; }

    /// <summary><c>model</c> or <c>endpoint</c>.</summary>
    [JsonPropertyName("object")]
    public required string Type { get; init; }

    /// <summary>Id of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's name for people.</summary>
    public required string ProviderLabel { get; init; }

    /// <summary>Where the provider's API is documented.</summary>
    public string? ApiReference { get; init; }

    /// <summary>The address to forward to; absent where it has a hole.</summary>
    public string? Endpoint { get; init; }

    /// <summary>HTTP method of the address.</summary>
    public string? Method { get; init; }

    /// <summary>The address with its hole, <c>{model}</c> or <c>{id}</c>; absent where it has none.</summary>
    public string? UrlTemplate { get; init; }

    /// <summary><c>model</c> or <c>api</c>.</summary>
    public required string ServiceType { get; init; }

    /// <summary>Whether this server can hold a key for it.</summary>
    public required bool Managed { get; init; }

    /// <summary>What it costs.</summary>
    public required ServicePricing Pricing { get; init; }

    /// <summary>What it can do: its kind, then <c>tools</c>, <c>vision</c>, <c>reasoning</c>, …</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Where its price and what it takes are documented, and when Lava was last compared with that; absent for endpoints.</summary>
    public IReadOnlyList<ModelSource>? Sources { get; init; }
}
