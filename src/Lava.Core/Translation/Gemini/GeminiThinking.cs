using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Thoughts, which requests and answers write alike.</summary>
internal static class GeminiThinking
{
    /// <summary>Writes the members of a part of thoughts.</summary>
    public static void Write(ThinkingPart thinking, Utf8JsonWriter json)
    {
        json.WriteString("text", thinking.Text);
        json.WriteBoolean("thought", true);
        json.WriteIfGiven("thoughtSignature", thinking.Signature);
    }
}
