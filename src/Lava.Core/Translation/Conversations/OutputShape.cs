using System.Text.Json;

namespace Lava.Core.Translation.Conversations;

/// <summary>That the answer's text must be JSON.</summary>
/// <param name="Schema">Its schema; undefined for any JSON object.</param>
/// <param name="Name">The schema's name, as OpenAI has one; null where there is none.</param>
/// <param name="Strict">Whether OpenAI is to hold the model to it.</param>
internal sealed record OutputShape(JsonElement Schema, string? Name = null, bool? Strict = null)
{
    /// <summary>Whether Claude is asked for it by the member that it has for that, instead of by a tool that it must call.</summary>
    public bool IsNative { get; init; }

    public bool HasSchema => Schema.ValueKind == JsonValueKind.Object;
}
