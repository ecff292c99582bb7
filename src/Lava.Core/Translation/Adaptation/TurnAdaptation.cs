using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Makes a conversation's turns ones that a format takes: no blank texts, the user first, no begun answer where the model would not go on with
/// it.</summary>
internal static class TurnAdaptation
{
    /// <summary>What stands for the user's part where a conversation has none before the model's, or none at all.</summary>
    public const string Opening = "(The conversation begins.)";

    public static Conversation Apply(
        Conversation conversation,
        ModelProfile profile,
        FormatRules rules,
        WireFormat format,
        Issues issues,
        Adaptations log)
    {
        conversation = WithoutBilling(conversation, log);
        if (rules.RefusesBlankText) conversation = WithoutBlanks(conversation, log);
        var turns = conversation.Turns.SkipWhile(turn => turn.Parts.Count == 0).ToList();
        if (turns.Count > 0 && turns[^1].IsAssistant && (profile.Prefill == false || format is not (WireFormat.Anthropic or WireFormat.BedrockConverse)))
            Prefill.Refuse(turns, issues);

        // A system prompt alone is a conversation to OpenAI, and a greeting by the model may come first there.
        var isOpen = turns.Count > 0 ? turns[0].IsAssistant : conversation.System.Count > 0;
        if (!rules.OpensWithUser || !isOpen) return conversation;
        log.Add("messages[0]", "opening");
        return conversation with { Turns = [new Turn(false, [new TextPart(Opening)]), .. turns] };
    }

    /// <summary>Claude Code tells Anthropic in a line of the system prompt what to bill. The line is another in each call, so that no other provider's cache of
    /// prompts would ever be hit.</summary>
    private static Conversation WithoutBilling(Conversation conversation, Adaptations log)
    {
        if (!conversation.System.Any(IsBilling)) return conversation;
        log.Add("system.billing_header");
        return conversation with { System = [.. conversation.System.Where(part => !IsBilling(part))] };
    }

    private static bool IsBilling(TextPart part) => part.Text.StartsWith("x-anthropic-billing-header:", StringComparison.OrdinalIgnoreCase);

    private static Conversation WithoutBlanks(Conversation conversation, Adaptations log)
    {
        if (!conversation.System.Any(IsBlank) && !conversation.Turns.Any(turn => turn.Parts.Any(IsBlankOrHasBlank))) return conversation;
        log.Add("blank_text");
        return conversation with
        {
            System = [.. conversation.System.Where(part => !IsBlank(part))],
            Turns = [.. conversation.Turns.Select(turn => turn with { Parts = Filled(turn.Parts) })],
        };
    }

    private static bool IsBlank(Part part) => part is TextPart text && string.IsNullOrWhiteSpace(text.Text);

    private static bool IsBlankOrHasBlank(Part part) => IsBlank(part) || (part is ToolResultPart result && result.Content.Any(IsBlank));

    private static List<Part> Filled(IReadOnlyList<Part> parts)
    {
        var filled = new List<Part>(parts.Count);
        foreach (var part in parts)
        {
            if (IsBlank(part)) continue;
            filled.Add(part is ToolResultPart result && result.Content.Any(IsBlank)
                ? result with { Content = [.. result.Content.Where(content => !IsBlank(content))] }
                : part);
        }

        return filled;
    }
}
