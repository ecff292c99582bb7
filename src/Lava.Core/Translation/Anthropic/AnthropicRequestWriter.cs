using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Writes a request for a message.</summary>
internal static class AnthropicRequestWriter
{
    /// <summary>Most tokens where the client does not say; Anthropic wants a number (behaviour.md §3.3).</summary>
    public const long DefaultMaxTokens = 4096;

    public static void Write(Conversation conversation, Utf8JsonWriter json, Issues issues)
    {
        if (!OutputTool.IsObjectSchema(conversation.Output))
            issues.Unsupported(
                issues.Names.Output,
                $"{issues.Names.Output} has a schema that does not describe an object, and the provider's format returns only objects.");
        conversation = OutputTool.AddTo(conversation);
        var turns = ToolIds.Legalise(Turns.Merge(conversation.Turns), "toolu_", longest: 256);
        json.WriteStartObject();
        json.WriteString("model", conversation.Model);
        json.WriteNumber("max_tokens", conversation.MaxTokens ?? DefaultMaxTokens);
        WriteSystem(conversation.System, json);
        json.WriteStartArray("messages");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role", turn.IsAssistant ? "assistant" : "user");
            json.WriteStartArray("content");
            foreach (var part in turn.Parts) AnthropicPartWriter.Write(part, json, issues);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTools(conversation, json);
        json.WriteTexts("stop_sequences", conversation.Stop);
        if (conversation.Plan.Way is not (ReasoningWay.Unsaid or ReasoningWay.Effort)) ClaudeThinking.Write(conversation.Plan, json);
        WriteOutput(conversation, json);
        json.WriteIfGiven("temperature", conversation.Temperature);
        json.WriteIfGiven("top_p", conversation.TopP);
        json.WriteIfGiven("top_k", conversation.TopK);
        if (conversation.User is not null)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", conversation.User);
            json.WriteEndObject();
        }

        if (conversation.Stream) json.WriteBoolean("stream", true);
        json.WriteEndObject();
    }

    public static void WriteCache(CacheMark cache, Utf8JsonWriter json)
    {
        if (cache == CacheMark.None) return;
        json.WriteStartObject("cache_control");
        json.WriteString("type", "ephemeral");
        if (cache == CacheMark.Long) json.WriteString("ttl", "1h");
        json.WriteEndObject();
    }

    /// <summary>Writes how much effort the answer is worth, and its schema where that has a member of its own.</summary>
    private static void WriteOutput(Conversation conversation, Utf8JsonWriter json)
    {
        var schema = conversation.Output is { HasSchema: true, IsNative: true } output ? output.Schema : default;
        if (conversation.Plan.Effort is null && schema.ValueKind != JsonValueKind.Object) return;
        json.WriteStartObject("output_config");
        json.WriteIfGiven("effort", conversation.Plan.Effort);
        if (schema.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WritePropertyName("schema");
            SchemaRewriter.Closed.Write(schema, json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSystem(IReadOnlyList<TextPart> system, Utf8JsonWriter json)
    {
        if (system.Count == 0) return;
        json.WriteStartArray("system");
        foreach (var part in system)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", part.Text);
            WriteCache(part.Cache, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTools(Conversation conversation, Utf8JsonWriter json)
    {
        if (conversation.Tools.Count == 0) return;
        json.WriteStartArray("tools");
        foreach (var tool in conversation.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteIfGiven("description", tool.Description);
            json.WritePropertyName("input_schema");
            ToolSchema.Write(tool, json);
            WriteCache(tool.Cache, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        var (kind, name) = conversation.ToolChoice;

        // The flag belongs to a choice; without one the model decides.
        if (kind == ToolChoiceKind.Unsaid && conversation.ParallelTools is not null) kind = ToolChoiceKind.Auto;
        if (kind == ToolChoiceKind.Unsaid) return;
        json.WriteStartObject("tool_choice");
        json.WriteString("type", kind switch { ToolChoiceKind.None => "none", ToolChoiceKind.Any => "any", ToolChoiceKind.Named => "tool", _ => "auto" });
        if (kind == ToolChoiceKind.Named) json.WriteString("name", name);
        if (kind != ToolChoiceKind.None && conversation.ParallelTools is { } isParallel) json.WriteBoolean("disable_parallel_tool_use", !isParallel);
        json.WriteEndObject();
    }
}
