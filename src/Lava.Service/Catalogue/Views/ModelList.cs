using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>Answer of <c>GET /v1/models</c> (rest-api.md §15.1); it has no pages.</summary>
/// <param name="Type">Always <c>list</c>.</param>
/// <param name="Data">The models; one that several providers serve is there for each of them.</param>
internal sealed record ModelList([property: JsonPropertyName("object")] string Type, IReadOnlyList<ModelEntry> Data);
