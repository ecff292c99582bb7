using System.Text.Json;
using Lava.Core.Translation.Conversations;

namespace Lava.Core.Translation.Anthropic;

/// <summary>How Claude is told to think, at Anthropic and in Bedrock (platform.claude.com/docs/en/build-with-claude/extended-thinking and
/// /adaptive-thinking).</summary>
internal static class ClaudeThinking
{
    /// <summary>Writes the member <c>thinking</c>.</summary>
    public static void Write(ReasoningPlan plan, Utf8JsonWriter json)
    {
        json.WriteStartObject("thinking");
        json.WriteString("type", plan.Way switch
        {
            ReasoningWay.Off => "disabled",
            ReasoningWay.BetweenTools => "between_tools",
            ReasoningWay.Budget => "enabled",
            _ => "adaptive",
        });
        if (plan.Shows && plan.IsOn) json.WriteString("display", "summarized");
        if (plan.Way == ReasoningWay.Budget) json.WriteNumber("budget_tokens", plan.Budget);
        json.WriteEndObject();
    }
}
