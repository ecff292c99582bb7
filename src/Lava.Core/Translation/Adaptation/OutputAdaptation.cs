using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Decides how Claude is asked for an answer in a schema: by a tool that it must call, or, where it cannot be made to call one, by the member that it
/// has for that.</summary>
internal static class OutputAdaptation
{
    public static Conversation Apply(Conversation conversation, ModelProfile profile, WireFormat format, Issues issues, Adaptations log)
    {
        if (format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses && conversation.Output is { HasSchema: false } && !NamesJson(conversation))
        {
            // OpenAI gives JSON without a schema only where the prompt speaks of it.
            log.Add("system", "json_instruction");
            return conversation with { System = [.. conversation.System, new TextPart(OutputTool.Instruction)] };
        }

        if (format is not (WireFormat.Anthropic or WireFormat.BedrockConverse) || profile.TakesForcedTools) return conversation;
        if (conversation.Tools.Count > 0 && conversation.ToolChoice.Kind is ToolChoiceKind.Any or ToolChoiceKind.Named)
            issues.Unsupported(issues.Names.ToolChoice, $"{issues.Names.ToolChoice} forces a tool call, which this model refuses.");
        return conversation.Output is { HasSchema: true } output ? conversation with { Output = output with { IsNative = true } } : conversation;
    }

    private static bool NamesJson(Conversation conversation) =>
        conversation.System.Concat(conversation.Turns.SelectMany(turn => turn.Parts).OfType<TextPart>())
            .Any(part => part.Text.Contains("json", StringComparison.OrdinalIgnoreCase));
}
