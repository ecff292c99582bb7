using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;

namespace Lava.Core.Translation.Conversations;

/// <summary>When and how long Claude may think, at Anthropic and in Bedrock (docs.anthropic.com, Extended thinking).</summary>
internal static class Thinking
{
    private const long LeastBudget = 1024;

    /// <summary>Whether a model is one of Claude's that think; the others refuse to be told how.</summary>
    private static bool Thinks(string model) =>
        !(model.Contains("claude-2", StringComparison.Ordinal) || model.Contains("claude-instant", StringComparison.Ordinal)
            || (model.Contains("claude-3-", StringComparison.Ordinal) && !model.Contains("claude-3-7", StringComparison.Ordinal)));

    /// <summary>Tokens to think with; 0 for not at all. A model that must call a tool does not think, and neither does one in the middle of its tool calls
    /// whose earlier thoughts are not there: the provider would refuse either.</summary>
    public static long BudgetFor(Conversation conversation, IReadOnlyList<Turn> turns)
    {
        if (conversation.Reasoning is not { IsOff: false } reasoning || !Thinks(conversation.Model)) return 0;
        if (conversation.Tools.Count > 0 && conversation.ToolChoice.Kind is ToolChoiceKind.Any or ToolChoiceKind.Named) return 0;
        if (turns.Count > 0 && turns[^1].IsAssistant) return 0;
        var isAmongCalls = turns.Count > 1 && turns[^1].Parts.Any(part => part is ToolResultPart);
        return isAmongCalls && !turns[^2].Parts.Any(part => part is ThinkingPart) ? 0 : Math.Max(LeastBudget, reasoning.Tokens);
    }

    /// <summary>Most tokens of the answer, thoughts included: raised where the budget would leave no room for it.</summary>
    public static long MaxTokens(long asked, long budget) => asked > budget ? asked : budget + asked;
}
