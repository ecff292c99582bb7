using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>A function, or a custom tool, that the model may ask the client to call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does; null where it is not said.</param>
/// <param name="Parameters">JSON schema of its arguments; undefined for one without any, and for a custom tool.</param>
internal sealed record Tool(string Name, string? Description, JsonElement Parameters)
{
    /// <summary>Whether OpenAI is to hold the model to the schema; null where it is not said.</summary>
    public bool? Strict { get; init; }

    /// <summary>What it takes in the place of arguments; null for a function.</summary>
    public TextInput? Input { get; init; }

    public CacheMark Cache { get; init; }

    /// <summary>Whether there is a schema.</summary>
    public bool HasParameters => Parameters.ValueKind == JsonValueKind.Object;
}
