using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>Answer of <c>GET /v1/services/providers</c> (rest-api.md §15.4).</summary>
/// <param name="Type">Always <c>list</c>.</param>
/// <param name="Data">The providers that were found, best first.</param>
internal sealed record ProviderList([property: JsonPropertyName("object")] string Type, IReadOnlyList<ProviderSummary> Data);
