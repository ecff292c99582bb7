using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Thoughts in a content block.</summary>
internal static class BedrockThinking
{
    public static void Write(ThinkingPart thinking, Utf8JsonWriter json)
    {
        json.WriteStartObject("reasoningContent");
        if (thinking.Redacted is not null) json.WriteString("redactedContent", thinking.Redacted);
        else
        {
            json.WriteStartObject("reasoningText");
            json.WriteString("text", thinking.Text);
            json.WriteIfGiven("signature", thinking.Signature);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static ThinkingPart Read(JsonElement content)
    {
        var text = content.Member("reasoningText");
        return content.Text("redactedContent") is { } redacted
            ? new ThinkingPart("", null, redacted)
            : new ThinkingPart(text.Text("text") ?? "", text.Text("signature"));
    }
}
