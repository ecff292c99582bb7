using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Thoughts, which requests and answers write alike.</summary>
internal static class AnthropicThinking
{
    /// <summary>Writes the members of a block of thoughts.</summary>
    public static void Write(ThinkingPart thinking, Utf8JsonWriter json)
    {
        if (thinking.Redacted is { } data)
        {
            json.WriteString("type", "redacted_thinking");
            json.WriteString("data", data);
            return;
        }

        json.WriteString("type", "thinking");
        json.WriteString("thinking", thinking.Text);
        json.WriteString("signature", thinking.Signature ?? "");
    }
}
