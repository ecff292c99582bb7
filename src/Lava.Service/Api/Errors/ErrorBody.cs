using System.Text.Json.Serialization;

namespace Lava.Service.Api.Errors;

/// <summary>The error envelope on the wire (rest-api.md §1.4). On gateway routes it is a superset that OpenAI's and Anthropic's clients parse too (behaviour.md
/// §4).</summary>
internal sealed record ErrorBody([property: JsonPropertyName("error")] ErrorDetail Error)
{
    /// <summary><c>error</c> for Anthropic's clients; absent on management routes.</summary>
    [JsonPropertyName("type")]
    [JsonPropertyOrder(-1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }
}
