using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lava.Service.Api.Errors;

/// <summary>The envelope's content.</summary>
internal sealed record ErrorDetail
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }

    public required string Message { get; init; }

    public required string Code { get; init; }

    public required int Status { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Issue>? Issues { get; init; }

    /// <summary>JSON's null on gateway routes, where OpenAI's clients look for it; absent elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Param { get; init; }

    /// <summary>A refusal among other outcomes.</summary>
    public static ErrorDetail Of(ApiError error) => new() { Message = error.Message, Code = error.Code, Status = error.Status, Issues = error.Issues };
}
