using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Writes a request to generate content. Left out, for want of a member: cache markers, the user tag, whether tools may be called at once.</summary>
internal static class GeminiRequestWriter
{
    public static void Write(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        var turns = Turns.Merge(conversation.Turns);
        Prefill.Refuse(turns, issues);
        json.WriteStartObject();
        if (conversation.System.Count > 0)
        {
            json.WriteStartObject("systemInstruction");
            json.WriteStartArray("parts");
            foreach (var part in conversation.System)
            {
                json.WriteStartObject();
                json.WriteString("text", part.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteStartArray("contents");
        var parts = new GeminiPartWriter(json, issues, GeminiModel.WantsSignatures(conversation.Model));
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.IsAssistant ? "model" : "user");
            json.WriteStartArray("parts");
            parts.Write(turn);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTools(conversation, json, issues);
        WriteConfig(conversation, json, issues);
        json.WriteEndObject();
    }

    private static void WriteTools(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        if (conversation.Tools.Count == 0) return;
        json.WriteStartArray("tools");
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations");
        foreach (var tool in conversation.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteIfGiven("description", tool.Description);

            // Google refuses an object without properties; a function without parameters has none.
            if (tool.Parameters.Member("properties") is { ValueKind: JsonValueKind.Object } properties && properties.EnumerateObject().MoveNext())
                WriteSchema("parameters", tool.Parameters, json, issues, issues.Names.Tools);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        var (kind, name) = conversation.ToolChoice;
        if (kind == ToolChoiceKind.Unsaid) return;
        json.WriteStartObject("toolConfig");
        json.WriteStartObject("functionCallingConfig");
        json.WriteString("mode", kind switch { ToolChoiceKind.None => "NONE", ToolChoiceKind.Auto => "AUTO", _ => "ANY" });
        if (kind == ToolChoiceKind.Named) json.WriteTexts("allowedFunctionNames", [name ?? ""]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteConfig(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        json.WriteStartObject("generationConfig");
        json.WriteIfGiven("maxOutputTokens", conversation.MaxTokens);
        json.WriteTexts("stopSequences", conversation.Stop);
        json.WriteIfGiven("temperature", conversation.Temperature);
        json.WriteIfGiven("topP", conversation.TopP);
        json.WriteIfGiven("topK", conversation.TopK);
        json.WriteIfGiven("frequencyPenalty", conversation.FrequencyPenalty);
        json.WriteIfGiven("presencePenalty", conversation.PresencePenalty);
        json.WriteIfGiven("seed", conversation.Seed);
        if (conversation.Output is { } output)
        {
            json.WriteString("responseMimeType", "application/json");
            if (output.HasSchema) WriteSchema("responseSchema", output.Schema, json, issues, issues.Names.Output);
        }

        var plan = conversation.Plan;
        if (plan.Way != ReasoningWay.Unsaid)
        {
            json.WriteStartObject("thinkingConfig");
            if (plan.Effort is not null) json.WriteString("thinkingLevel", plan.Effort);
            else json.WriteNumber("thinkingBudget", plan.Budget);
            if (conversation.Reasoning is { IsOff: false }) json.WriteBoolean("includeThoughts", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSchema(string member, JsonElement schema, Utf8JsonWriter json, Issues issues, string field)
    {
        json.WritePropertyName(member);
        var writer = new GeminiSchemaWriter(schema, json);
        writer.Write();
        if (writer.IsTooLarge) issues.Unsupported(field, $"{field} has a schema that is too large after its references are replaced.");
    }
}
