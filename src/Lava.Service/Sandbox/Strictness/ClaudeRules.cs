using System.Text.Json;
using Lava.Core.Catalogue.Profiles;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What Claude refuses of thinking and sampling, at Anthropic and in Bedrock (platform.claude.com/docs/en/build-with-claude/extended-thinking,
/// /adaptive-thinking, /effort and …/about-claude/models/migration-guide).</summary>
internal static class ClaudeRules
{
    private const long LeastBudget = 1024;
    private const double LeastThinkingTopP = 0.95;

    /// <summary>Checks a request's way to think and to sample.</summary>
    /// <param name="profile">What the model takes.</param>
    /// <param name="thinking">The member <c>thinking</c>.</param>
    /// <param name="effort">The effort.</param>
    /// <param name="sampling">Temperature, <c>top_p</c> and <c>top_k</c>.</param>
    /// <param name="maxTokens">Most tokens; null where the request does not say.</param>
    /// <param name="isForced">Whether a tool must be called.</param>
    public static string? Fault(
        ModelProfile profile,
        JsonElement thinking,
        string? effort,
        (double? Temperature, double? TopP, double? TopK) sampling,
        double? maxTokens,
        bool isForced) =>
        Thinking(profile, thinking, effort, maxTokens) ?? Forced(profile, thinking, isForced) ?? Sampling(profile, thinking, sampling);

    private static string? Thinking(ModelProfile profile, JsonElement thinking, string? effort, double? maxTokens)
    {
        if (effort is not null && profile.Reasoning is not null && !profile.Efforts.Contains(effort))
        {
            return profile.Efforts.Count == 0
                ? "This model does not support the effort parameter."
                : $"output_config.effort: '{effort}' is not supported by this model. Supported values: {string.Join(", ", profile.Efforts)}.";
        }

        switch (thinking.At("type").Word())
        {
            case null: return thinking.IsGiven() ? "thinking.type: Field required" : null;
            case "adaptive": return profile is { Reasoning: not null, Adaptive: false } ? "adaptive thinking is not supported on this model" : null;
            case "enabled":
                if (profile.Reasoning == false) return "\"thinking\" is not supported for this model.";
                if (profile is { Adaptive: true, TakesBudget: false })
                {
                    return "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control "
                        + "thinking behavior.";
                }

                var budget = thinking.At("budget_tokens").Number();
                if (budget is null) return "thinking.enabled.budget_tokens: Field required";
                if (budget < LeastBudget) return $"thinking.enabled.budget_tokens: Input should be greater than or equal to {LeastBudget}";
                return budget >= maxTokens ? "`max_tokens` must be greater than `thinking.budget_tokens`." : null;
            case "disabled":
                if (profile.Off is ReasoningOff.No) return "\"thinking.type.disabled\" is not supported for this model.";
                if (profile.Off is ReasoningOff.BetweenTools)
                    return "\"thinking.type.disabled\" is not supported for this model. Use \"thinking.type.between_tools\" instead.";
                return effort is "xhigh" or "max"
                    ? $"output_config.effort '{effort}' is not supported when thinking is disabled on this model. Use effort 'high' or below, or enable "
                        + "thinking."
                    : null;
            case "between_tools":
                return profile.Off is ReasoningOff.BetweenTools or null ? null : "\"thinking.type.between_tools\" is not supported for this model.";
            case var type:
                return $"thinking: Input tag '{type}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'";
        }
    }

    private static string? Forced(ModelProfile profile, JsonElement thinking, bool isForced)
    {
        if (!isForced) return null;
        if (!profile.TakesForcedTools) return "tool_choice: forced tool use is not supported for this model.";
        return IsOn(profile, thinking) ? "Thinking may not be enabled when tool_choice forces tool use." : null;
    }

    private static string? Sampling(ModelProfile profile, JsonElement thinking, (double? Temperature, double? TopP, double? TopK) sampling)
    {
        var (temperature, topP, topK) = sampling;
        if (temperature is < 0 or > 1) return "temperature: range: 0..1";
        if (topP is < 0 or > 1) return "top_p: range: 0..1";
        if (profile.Sampling == SamplingRule.None)
        {
            if (temperature is not (null or 1)) return "`temperature` is deprecated for this model.";
            if (topP is not (null or 1)) return "`top_p` is deprecated for this model.";
            if (topK is not null) return "`top_k` is deprecated for this model.";
        }

        if (profile.Sampling == SamplingRule.One && temperature is not null && topP is not null)
            return "`temperature` and `top_p` cannot both be specified for this model. Please use only one.";
        if (!IsOn(profile, thinking)) return null;
        if (temperature is not (null or 1)) return "`temperature` may only be set to 1 when thinking is enabled.";
        if (topP < LeastThinkingTopP) return "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.";
        return topK is not null ? "`top_k` must be unset when thinking is enabled." : null;
    }

    private static bool IsOn(ModelProfile profile, JsonElement thinking) =>
        thinking.At("type").Word() is { } type ? type is "enabled" or "adaptive" : profile.ReasonsByDefault;
}
