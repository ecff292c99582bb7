using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>The tool through which providers without schemas for answers are asked for one: the model must call it with the answer (behaviour.md
/// §3.3).</summary>
internal static class OutputTool
{
    public const string Name = "lava_json_answer";

    public const string Description = "Gives the answer to the user. Call it exactly once, with the whole answer.";

    /// <summary>What asks for JSON of any shape.</summary>
    public const string Instruction = "Answer with one valid JSON object and nothing else: no other text and no code fence.";

    /// <summary>Whether a conversation's answer comes through the tool. Where the client forces a tool of its own, that is what is called instead.</summary>
    public static bool IsUsed(Conversation conversation) =>
        conversation.Output is { HasSchema: true, IsNative: false }
            && !(conversation.Tools.Count > 0 && conversation.ToolChoice.Kind is ToolChoiceKind.Any or ToolChoiceKind.Named);

    /// <summary>The conversation with the tool among its tools, and one of them to be called; that one where the client has none.</summary>
    public static Conversation AddTo(Conversation conversation)
    {
        if (conversation.Output is { HasSchema: false }) return conversation with { System = [.. conversation.System, new TextPart(Instruction)] };
        if (!IsUsed(conversation)) return conversation;
        var isAlone = conversation.Tools.Count == 0 || conversation.ToolChoice.Kind == ToolChoiceKind.None;
        return conversation with
        {
            Tools = [.. conversation.Tools, new Tool(Name, Description, conversation.Output!.Schema)],
            ToolChoice = isAlone ? new ToolChoice(ToolChoiceKind.Named, Name) : new ToolChoice(ToolChoiceKind.Any),
        };
    }

    /// <summary>Whether a schema can be a tool's: of an object.</summary>
    public static bool IsObjectSchema(OutputShape? output) =>
        output is not { HasSchema: true }
            || !output.Schema.TryGetProperty("type", out var type)
            || (type.ValueKind == System.Text.Json.JsonValueKind.String && type.ValueEquals("object"u8));

    /// <summary>An answer with the call of the tool turned into text again.</summary>
    public static Answer Unwrap(Answer answer)
    {
        var parts = answer.Parts.Select(part => part is ToolCallPart { Name: Name } call ? new TextPart(call.Arguments) : part).ToList();
        return answer with { Parts = parts };
    }
}
