using System.Security.Cryptography;
using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;

namespace Lava.Core.Translation.Adaptation;

/// <summary>Keeps of the sampling parameters and the small settings what a model and its format take.</summary>
internal static class SamplingAdaptation
{
    /// <summary>The least <c>top_p</c> that Claude takes while it thinks.</summary>
    private const double LeastThinkingTopP = 0.95;

    public static Conversation Apply(Conversation conversation, ModelProfile profile, WireFormat format, Adaptations log)
    {
        var isClaude = format is WireFormat.Anthropic or WireFormat.BedrockConverse;
        var isOpenAi = format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses;
        if (isClaude && conversation.Temperature > 1)
        {
            conversation = conversation with { Temperature = 1 };
            log.Add("temperature", 1);
        }

        var takesAny = TakesAny(conversation.Plan, profile);
        var thinks = isClaude && conversation.Plan.IsOn;
        if (conversation.Temperature is { } temperature && (!takesAny || thinks)) conversation = WithoutTemperature(conversation, temperature, log);
        if (conversation.TopP is { } topP && (!takesAny || (thinks && topP < LeastThinkingTopP) || IsSecond(conversation, profile)))
        {
            conversation = conversation with { TopP = null };
            if (topP != 1) log.Add("top_p");
        }

        if (conversation.TopK is not null && (!takesAny || thinks || isOpenAi))
        {
            conversation = conversation with { TopK = null };
            log.Add("top_k");
        }

        conversation = WithoutPenalties(conversation, profile, format, log);
        return Tag(Parallel(conversation, profile, format, log), FormatRules.Of(format), format, log);
    }

    private static bool TakesAny(ReasoningPlan plan, ModelProfile profile) => profile.Sampling switch
    {
        SamplingRule.None => false,
        SamplingRule.Idle => plan.Effort == "none" || (plan.Way == ReasoningWay.Unsaid && !profile.ReasonsByDefault),
        _ => true,
    };

    private static bool IsSecond(Conversation conversation, ModelProfile profile) =>
        profile.Sampling == SamplingRule.One && conversation.Temperature is not null;

    private static Conversation WithoutTemperature(Conversation conversation, double temperature, Adaptations log)
    {
        // 1 is every provider's default: to leave it out changes nothing.
        if (temperature != 1) log.Add("temperature");
        return conversation with { Temperature = null };
    }

    private static Conversation WithoutPenalties(Conversation conversation, ModelProfile profile, WireFormat format, Adaptations log)
    {
        if (conversation.Seed is not null && format is not (WireFormat.OpenAiChat or WireFormat.Gemini))
        {
            conversation = conversation with { Seed = null };
            log.Add("seed");
        }

        if (profile.TakesPenalties && format is WireFormat.OpenAiChat or WireFormat.Gemini) return conversation;
        if (conversation.FrequencyPenalty is not (null or 0)) log.Add("frequency_penalty");
        if (conversation.PresencePenalty is not (null or 0)) log.Add("presence_penalty");
        return conversation with { FrequencyPenalty = null, PresencePenalty = null };
    }

    private static Conversation Parallel(Conversation conversation, ModelProfile profile, WireFormat format, Adaptations log)
    {
        if (conversation.ParallelTools is not { } isParallel) return conversation;
        if (profile.TakesParallel && format is not (WireFormat.Gemini or WireFormat.BedrockConverse)) return conversation;
        if (!isParallel) log.Add("parallel_tool_calls");
        return conversation with { ParallelTools = null };
    }

    /// <summary>The tag of the end user: as it is where it is short enough, else a hash of it, which is the same in every call.</summary>
    private static Conversation Tag(Conversation conversation, FormatRules rules, WireFormat format, Adaptations log)
    {
        if (conversation.User is not { } user) return conversation;
        if (format is WireFormat.Gemini or WireFormat.BedrockConverse)
        {
            log.Add("user");
            return conversation with { User = null };
        }

        if (user.Length <= rules.LongestUser) return conversation;
        log.Add("user", "sha256");
        return conversation with { User = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user))) };
    }
}
