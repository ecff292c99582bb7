namespace Lava.Core.Translation.Conversations.Parts;

/// <summary>A call of a tool by the model.</summary>
/// <param name="Id">The call's id, unique in the conversation.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">A JSON object, as text; a custom tool's input as it is.</param>
internal sealed record ToolCallPart(string Id, string Name, string Arguments) : Part
{
    /// <summary>Whether the tool is a custom one.</summary>
    public bool IsCustom { get; init; }

    /// <summary>What Gemini wants to see again with the call (<c>thoughtSignature</c>); null where there is none.</summary>
    public string? Signature { get; init; }
}
