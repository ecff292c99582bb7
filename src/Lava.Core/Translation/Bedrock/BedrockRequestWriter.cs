using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Writes a Converse request.</summary>
internal static class BedrockRequestWriter
{
    private const int LongestCallId = 64;

    public static void Write(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        if (!OutputTool.IsObjectSchema(conversation.Output))
            issues.Unsupported(
                issues.Names.Output,
                $"{issues.Names.Output} has a schema that does not describe an object, and the provider's format returns only objects.");
        conversation = OutputTool.AddTo(conversation);
        var turns = ToolIds.Legalise(Turns.Merge(conversation.Turns), "tooluse_", LongestCallId);
        json.WriteStartObject();
        WriteSystem(conversation.System, json);
        json.WriteStartArray("messages");
        var parts = new BedrockPartWriter(json, issues);
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.IsAssistant ? "assistant" : "user");
            json.WriteStartArray("content");
            foreach (var part in turn.Parts) parts.Write(part);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTools(conversation, turns, json, issues);
        WriteInference(conversation, json);
        WriteOutput(conversation.Output, json);
        WriteFields(conversation, json);
        json.WriteEndObject();
    }

    public static void WriteCachePoint(CacheMark cache, Utf8JsonWriter json)
    {
        if (cache == CacheMark.None) return;
        json.WriteStartObject();
        json.WriteStartObject("cachePoint");
        json.WriteString("type", "default");
        if (cache == CacheMark.Long) json.WriteString("ttl", "1h");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSystem(IReadOnlyList<TextPart> system, Utf8JsonWriter json)
    {
        if (system.Count == 0) return;
        json.WriteStartArray("system");
        foreach (var part in system)
        {
            json.WriteStartObject();
            json.WriteString("text", part.Text);
            json.WriteEndObject();
            WriteCachePoint(part.Cache, json);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the tools. To forbid them all is to leave them out, which Bedrock takes only of a conversation without calls.</summary>
    private static void WriteTools(Conversation conversation, IReadOnlyList<Turn> turns, Utf8JsonWriter json, Issues issues)
    {
        var (kind, name) = conversation.ToolChoice;
        if (conversation.Tools.Count == 0) return;
        if (kind == ToolChoiceKind.None)
        {
            if (turns.Any(turn => turn.Parts.Any(part => part is ToolCallPart or ToolResultPart)))
                issues.Unsupported(
                    issues.Names.ToolChoice,
                    $"{issues.Names.ToolChoice} forbids tools in a conversation that has used them, which the provider's format does not support.");
            return;
        }

        json.WriteStartObject("toolConfig");
        json.WriteStartArray("tools");
        foreach (var tool in conversation.Tools)
        {
            json.WriteStartObject();
            json.WriteStartObject("toolSpec");
            json.WriteString("name", tool.Name);
            json.WriteIfGiven("description", string.IsNullOrEmpty(tool.Description) ? null : tool.Description);
            json.WriteStartObject("inputSchema");
            json.WritePropertyName("json");
            ToolSchema.Write(tool, json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            WriteCachePoint(tool.Cache, json);
        }

        json.WriteEndArray();
        if (kind != ToolChoiceKind.Unsaid)
        {
            json.WriteStartObject("toolChoice");
            json.WriteStartObject(kind switch { ToolChoiceKind.Any => "any", ToolChoiceKind.Named => "tool", _ => "auto" });
            if (kind == ToolChoiceKind.Named) json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteInference(Conversation conversation, Utf8JsonWriter json)
    {
        json.WriteStartObject("inferenceConfig");
        json.WriteIfGiven("maxTokens", conversation.MaxTokens);
        json.WriteIfGiven("temperature", conversation.Temperature);
        json.WriteIfGiven("topP", conversation.TopP);
        json.WriteTexts("stopSequences", conversation.Stop);
        json.WriteEndObject();
    }

    /// <summary>Writes the answer's schema where a model cannot be made to call a tool for it; Converse takes it as text.</summary>
    private static void WriteOutput(OutputShape? output, Utf8JsonWriter json)
    {
        if (output is not { HasSchema: true, IsNative: true }) return;
        var schema = new System.Buffers.ArrayBufferWriter<byte>();
        using (var inner = JsonOutput.Open(schema)) SchemaRewriter.Closed.Write(output.Schema, inner);
        json.WriteStartObject("outputConfig");
        json.WriteStartObject("textFormat");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("structure");
        json.WriteStartObject("jsonSchema");
        json.WriteString("name", output.Name ?? "answer");
        json.WriteString("schema", schema.WrittenSpan);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes what Converse has no member for, under the names that Claude's models know.</summary>
    private static void WriteFields(Conversation conversation, Utf8JsonWriter json)
    {
        var plan = conversation.Plan;
        if (plan.Way == ReasoningWay.Unsaid && conversation.TopK is null) return;
        json.WriteStartObject("additionalModelRequestFields");
        json.WriteIfGiven("top_k", conversation.TopK);
        if (plan.Way != ReasoningWay.Unsaid) Anthropic.ClaudeThinking.Write(plan, json);
        if (plan.Effort is not null)
        {
            json.WriteStartObject("output_config");
            json.WriteString("effort", plan.Effort);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
