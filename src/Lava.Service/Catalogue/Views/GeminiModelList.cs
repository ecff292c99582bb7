using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>Answer of <c>GET /v1beta/models</c> (ai.google.dev/api/models).</summary>
/// <param name="Models">The models of a page.</param>
/// <param name="NextPageToken">Names the next page; absent on the last one.</param>
internal sealed record GeminiModelList(
    IReadOnlyList<GeminiModelEntry> Models,
    [property: JsonPropertyName("nextPageToken")] string? NextPageToken);
