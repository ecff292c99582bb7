using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>Answer of <c>GET /v1/services</c> (rest-api.md §15.2).</summary>
/// <param name="Type">Always <c>list</c>.</param>
/// <param name="Data">The services.</param>
/// <param name="Providers">The providers that they belong to.</param>
internal sealed record ServiceList(
    [property: JsonPropertyName("object")] string Type,
    IReadOnlyList<ServiceEntry> Data,
    IReadOnlyList<ProviderSummary> Providers);
