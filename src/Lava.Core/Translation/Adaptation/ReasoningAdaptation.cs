using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Puts how much a client wants a model to reason into the way that the model is asked: an effort, a budget of tokens, adaptive, or not at
/// all.</summary>
internal static class ReasoningAdaptation
{
    private const long LeastBudgetOfClaude = 1024;

    /// <summary>The efforts of a model that reasons and whose efforts are not known.</summary>
    private static readonly string[] CommonEfforts = ["none", "minimal", "low", "medium", "high"];

    /// <summary>How the model is asked.</summary>
    public static ReasoningPlan Plan(Conversation conversation, ModelProfile profile, WireFormat format, Issues issues, Adaptations log)
    {
        var plan = format switch
        {
            WireFormat.OpenAiChat or WireFormat.OpenAiResponses => ForOpenAi(conversation.Reasoning, profile),
            WireFormat.Gemini => ForGemini(conversation.Reasoning, profile),
            WireFormat.Anthropic => ForClaude(conversation, profile),

            // Only Claude is told how to think by a member of Converse's additional fields.
            WireFormat.BedrockConverse when IsClaude(conversation.Model) => ForClaude(conversation, profile),
            _ => default,
        };
        if (profile.HidesThoughts && conversation.Reasoning is { IsShown: true, IsOff: false }) plan = plan with { Shows = true };
        if (format == WireFormat.OpenAiChat && profile.ReasonsWithToolsInResponsesOnly && conversation.Tools.Count > 0)
            plan = WithoutReasoning(plan, profile, issues);
        Tell(conversation.Reasoning, plan, profile, log);
        return plan;
    }

    /// <summary>Whether Bedrock serves one of Claude's models by a name; behind an address of Amazon's (<c>arn:</c>) may be any.</summary>
    private static bool IsClaude(string model) =>
        model.Contains("claude", StringComparison.Ordinal) || model.StartsWith("arn:", StringComparison.Ordinal);

    private static ReasoningPlan ForOpenAi(Reasoning? asked, ModelProfile profile)
    {
        if (asked is null || profile.Reasoning == false) return default;
        if (profile.Efforts.Count == 0 && asked is { Effort: null, Budget: 0 }) return default;
        return Reasoning.Closest(asked.Level, profile.Efforts.Count > 0 ? profile.Efforts : CommonEfforts) is { } effort
            ? new ReasoningPlan(ReasoningWay.Effort, effort)
            : default;
    }

    /// <summary>Chat completions take tools of such a model only while it does not reason.</summary>
    private static ReasoningPlan WithoutReasoning(ReasoningPlan plan, ModelProfile profile, Issues issues)
    {
        if (plan.Effort == "none" || (plan.Way == ReasoningWay.Unsaid && !profile.ReasonsByDefault)) return plan;
        if (profile.Efforts.Contains("none")) return new ReasoningPlan(ReasoningWay.Effort, "none");
        issues.Unsupported(issues.Names.Tools, $"{issues.Names.Tools} cannot be used with this model in chat completions; its /v1/responses takes them.");
        return plan;
    }

    private static ReasoningPlan ForGemini(Reasoning? asked, ModelProfile profile)
    {
        if (asked is null || profile.Reasoning == false) return default;
        if (profile.Efforts.Count > 0 && !(profile.TakesBudget && asked.Budget is not null))
            return Reasoning.Closest(asked.Level, profile.Efforts) is { } level ? new ReasoningPlan(ReasoningWay.Effort, level) : default;
        if (!profile.TakesBudget) return profile.Reasoning == true ? default : new ReasoningPlan(ReasoningWay.Budget, null, asked.Tokens);
        var least = profile.LeastBudget ?? 0;
        if (asked.IsOff) return new ReasoningPlan(ReasoningWay.Budget, null, profile.Off == ReasoningOff.No ? least : 0);
        return new ReasoningPlan(ReasoningWay.Budget, null, Math.Clamp(asked.Tokens, least, profile.MostBudget ?? long.MaxValue));
    }

    private static ReasoningPlan ForClaude(Conversation conversation, ModelProfile profile)
    {
        if (profile.Reasoning == false) return default;
        var off = profile.ReasonsByDefault ? new ReasoningPlan(ReasoningWay.Off) : default;

        // A model that must call a tool does not think: the provider refuses both together.
        var isForced = OutputTool.IsUsed(conversation)
            || (conversation.Tools.Count > 0 && conversation.ToolChoice.Kind is ToolChoiceKind.Any or ToolChoiceKind.Named);
        if (isForced && profile.TakesForcedTools) return off;
        if (conversation.Reasoning is not { } asked) return default;
        if (asked.IsOff)
        {
            return profile.Off switch
            {
                ReasoningOff.BetweenTools => new ReasoningPlan(ReasoningWay.BetweenTools),
                ReasoningOff.No => new ReasoningPlan(ReasoningWay.Adaptive, Reasoning.Closest(Effort.Low, profile.Efforts)),
                _ => off,
            };
        }

        if (profile.Adaptive && !(profile.TakesBudget && asked.Budget is not null))
        {
            var effort = asked is { Effort: null, Budget: null } ? null : Reasoning.Closest(asked.Level, profile.Efforts);
            return new ReasoningPlan(ReasoningWay.Adaptive, effort);
        }

        return BudgetOf(conversation, asked, profile) is var budget and > 0 ? new ReasoningPlan(ReasoningWay.Budget, null, budget) : off;
    }

    /// <summary>Tokens to think with; 0 for not at all. A model in the middle of its tool calls whose earlier thoughts are not there does not think, and
    /// neither does one whose answer has begun: the provider would refuse either.</summary>
    private static long BudgetOf(Conversation conversation, Reasoning asked, ModelProfile profile)
    {
        var turns = Turns.Merge(conversation.Turns);
        if (turns.Count > 0 && turns[^1].IsAssistant) return 0;
        var isAmongCalls = turns.Count > 1 && turns[^1].Parts.Any(part => part is ToolResultPart);
        if (isAmongCalls && !turns[^2].Parts.Any(part => part is ThinkingPart)) return 0;
        var least = profile.LeastBudget ?? LeastBudgetOfClaude;
        var budget = Math.Clamp(asked.Tokens, least, profile.MostBudget ?? long.MaxValue);
        if (profile.MaxOutputTokens is not { } most) return budget;

        // The answer comes on top where the budget leaves it no room, and both must be within the model's bound.
        var answer = Math.Min(conversation.MaxTokens ?? Anthropic.AnthropicRequestWriter.DefaultMaxTokens, most);
        if (answer <= budget) budget = Math.Min(budget, most - answer);
        return budget >= least ? budget : answer > least ? answer - 1 : 0;
    }

    private static void Tell(Reasoning? asked, ReasoningPlan plan, ModelProfile profile, Adaptations log)
    {
        if (plan.Way == ReasoningWay.Off && asked is not { IsOff: true }) log.Add("thinking", "disabled");
        else if (plan.Way == ReasoningWay.BetweenTools) log.Add("thinking", "between_tools");
        else if (plan.Way == ReasoningWay.Budget)
        {
            if (plan.Budget != asked?.Tokens) log.Add("thinking_budget", plan.Budget);
        }
        else if (plan.Effort is { } effort)
        {
            if (asked is null || effort != Reasoning.WordOf(asked.Level)) log.Add("reasoning_effort", effort);
        }
        else if (plan.Way == ReasoningWay.Unsaid && asked is not null && (!asked.IsOff || profile.ReasonsByDefault)) log.Add("reasoning_effort");
    }
}
