using System.Text.Json;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.OpenAi;

namespace Lava.Core.Translation.Responses;

/// <summary>Writes the items of a response, which have ids by their place.</summary>
internal sealed class ResponsesItems(string answerId)
{
    private int _count;

    public void Write(Utf8JsonWriter json, Part part)
    {
        switch (part)
        {
            case TextPart text:
                WriteMessage(json, NextId("msg"), "completed", JsonToken.Of(text.Text));
                break;
            case ToolCallPart call:
                WriteCall(json, NextId(PrefixOf(call.IsCustom)), "completed", call.IsCustom, call.Id, call.Name, JsonToken.Of(OpenAiFields.ArgumentsOf(call)));
                break;
            case ThinkingPart { Redacted: null } thinking:
                WriteReasoning(json, NextId("rs"), JsonToken.Of(thinking.Text));
                break;
        }
    }

    public string NextId(string prefix) => $"{prefix}_{answerId}_{_count++}";

    /// <summary>Writes a message.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="id">The item's id.</param>
    /// <param name="status">Its status.</param>
    /// <param name="token">Its text, a JSON string; empty for a message that has none yet.</param>
    public static void WriteMessage(Utf8JsonWriter json, string id, string status, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", "message");
        json.WriteString("status", status);
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        if (!token.IsEmpty) WriteText(json, token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString("type", "output_text");
        json.WriteToken("text", token);
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteStartArray("logprobs");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>How the id of a call begins.</summary>
    public static string PrefixOf(bool isCustom) => isCustom ? "ctc" : "fc";

    public static void WriteCall(Utf8JsonWriter json, string id, string status, bool isCustom, string? callId, string? name, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", isCustom ? "custom_tool_call" : "function_call");
        json.WriteString("status", status);
        json.WriteString("call_id", callId);
        var (space, plain) = ToolNamespace.Split(name);
        json.WriteIfGiven("namespace", space);
        json.WriteString("name", plain);
        json.WriteToken(isCustom ? "input" : "arguments", token);
        json.WriteEndObject();
    }

    public static void WriteReasoning(Utf8JsonWriter json, string id, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", "reasoning");
        json.WriteStartArray("summary");
        if (!token.IsEmpty) WriteSummary(json, token);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter json, ReadOnlySpan<byte> token)
    {
        json.WriteStartObject();
        json.WriteString("type", "summary_text");
        json.WriteToken("text", token);
        json.WriteEndObject();
    }
}
