using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

/// <summary>A model in Google's list shape (ai.google.dev/api/models).</summary>
/// <param name="Name"><c>models/</c> and the provider's name for it.</param>
/// <param name="DisplayName">The provider's name for it.</param>
/// <param name="InputTokenLimit">Most tokens of prompt and answer together; absent where the catalogue does not say.</param>
/// <param name="OutputTokenLimit">Most tokens of an answer; absent where the catalogue does not say.</param>
/// <param name="SupportedGenerationMethods">The methods by which it can be called.</param>
internal sealed record GeminiModelEntry(
    string Name,
    [property: JsonPropertyName("displayName")] string DisplayName,
    [property: JsonPropertyName("inputTokenLimit")] long? InputTokenLimit,
    [property: JsonPropertyName("outputTokenLimit")] long? OutputTokenLimit,
    [property: JsonPropertyName("supportedGenerationMethods")] IReadOnlyList<string> SupportedGenerationMethods);
