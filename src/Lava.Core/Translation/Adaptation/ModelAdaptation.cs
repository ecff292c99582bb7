using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Makes a conversation one that a model takes (docs/models.md): what has an equivalent becomes that, what can be left out without another meaning is
/// left out and told, and what cannot is refused by name. Writers write what comes out of here as it is.</summary>
internal static class ModelAdaptation
{
    /// <summary>The fewest tokens of an answer that OpenAI's Responses take.</summary>
    private const long LeastOfResponses = 16;

    /// <summary>The conversation for a model.</summary>
    /// <param name="conversation">What the client asks for.</param>
    /// <param name="profile">What the model takes.</param>
    /// <param name="format">The format in which it is asked.</param>
    /// <param name="issues">Receives what is refused.</param>
    /// <param name="log">Receives what was changed or left out.</param>
    public static Adapted Apply(Conversation conversation, ModelProfile profile, WireFormat format, Issues issues, Adaptations log)
    {
        var rules = FormatRules.Of(format);
        conversation = TurnAdaptation.Apply(conversation, profile, rules, format, issues, log);
        conversation = ToolAdaptation.AddUsed(conversation, rules, log);
        var (named, names) = ToolAdaptation.Rename(conversation, rules, log);
        conversation = OutputAdaptation.Apply(named, profile, format, issues, log);
        conversation = conversation with
        {
            Plan = ReasoningAdaptation.Plan(conversation, profile, format, issues, log),
            ReturnsThoughts = profile.WantsThoughts,
        };
        conversation = SamplingAdaptation.Apply(conversation, profile, format, log);
        conversation = LimitMaxTokens(conversation, profile, format, log);
        var stops = StopsToCut(conversation, profile, rules, format);
        if (stops.Count == 0) return new Adapted(conversation, names, []);
        log.Add("stop", "applied_by_gateway");
        return new Adapted(conversation with { Stop = [] }, names, stops);
    }

    /// <summary>The most tokens: within what the model can answer, and with room for what it thinks. Anthropic wants a number.</summary>
    private static Conversation LimitMaxTokens(Conversation conversation, ModelProfile profile, WireFormat format, Adaptations log)
    {
        var plan = conversation.Plan;
        var isClaude = format is WireFormat.Anthropic or WireFormat.BedrockConverse;
        var thoughts = !isClaude ? 0 : plan.Way switch
        {
            ReasoningWay.Budget => plan.Budget,
            ReasoningWay.Adaptive => AllowanceOf(plan.Effort),
            ReasoningWay.Unsaid when profile.ReasonsByDefault && conversation.MaxTokens is null => AllowanceOf(null),
            _ => 0,
        };
        var asked = conversation.MaxTokens ?? (format == WireFormat.Anthropic || thoughts > 0 ? Anthropic.AnthropicRequestWriter.DefaultMaxTokens : null);
        if (asked is not { } most) return conversation;

        // Where the thoughts would leave no room for the answer, they come on top.
        if (most <= thoughts) most += thoughts;
        if (profile.MaxOutputTokens is { } bound && most > bound) most = bound;
        if (format == WireFormat.OpenAiResponses && most < LeastOfResponses) most = LeastOfResponses;
        if (conversation.MaxTokens is { } told && told != most) log.Add("max_tokens", most);
        return conversation with { MaxTokens = most };
    }

    private static long AllowanceOf(string? effort) => Reasoning.TokensOf(effort is null ? Effort.High : Reasoning.EffortOf(effort) ?? Effort.High);

    /// <summary>The stop sequences that the provider does not take, so that the gateway ends the answer at them.</summary>
    private static IReadOnlyList<string> StopsToCut(Conversation conversation, ModelProfile profile, FormatRules rules, WireFormat format)
    {
        var stops = conversation.Stop;
        if (stops.Count == 0) return [];
        var isTaken = format != WireFormat.OpenAiResponses && profile.TakesStops
            && !(stops.Count > rules.MostStops) && !(rules.RefusesBlankStops && stops.Any(string.IsNullOrWhiteSpace));
        return isTaken ? [] : [.. stops.Where(stop => stop.Length > 0)];
    }
}
