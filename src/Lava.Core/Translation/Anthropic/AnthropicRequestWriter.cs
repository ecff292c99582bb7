using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Writes a request for a message. Left out, for want of a member: penalties, the seed.</summary>
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
        var budget = Thinking.BudgetFor(conversation, turns);
        json.WriteStartObject();
        json.WriteString("model", conversation.Model);
        json.WriteNumber("max_tokens", Thinking.MaxTokens(conversation.MaxTokens ?? DefaultMaxTokens, budget));
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
        WriteSampling(conversation, budget, json);
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

    /// <summary>Writes how to think and to sample: a model that thinks takes no temperature and no <c>top_k</c>, and a <c>top_p</c> of 0.95 or more
    /// only.</summary>
    private static void WriteSampling(Conversation conversation, long budget, Utf8JsonWriter json)
    {
        if (budget > 0)
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", "enabled");
            json.WriteNumber("budget_tokens", budget);
            json.WriteEndObject();
            if (conversation.TopP >= 0.95) json.WriteIfGiven("top_p", conversation.TopP);
            return;
        }

        json.WriteIfGiven("temperature", conversation.Temperature is { } temperature ? Math.Clamp(temperature, 0, 1) : null);
        json.WriteIfGiven("top_p", conversation.TopP);
        json.WriteIfGiven("top_k", conversation.TopK);
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
