using System.Text.Json;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Writes a Converse request. Left out, for want of a member: penalties, the seed, the user tag, whether tools may be called at once.</summary>
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
        
        // Only Claude is told how to think by that member.
        var budget = conversation.Model.Contains("claude", StringComparison.Ordinal) || conversation.Model.StartsWith("arn:", StringComparison.Ordinal)
            ? Thinking.BudgetFor(conversation, turns)
            : 0;
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
        WriteInference(conversation, budget, json);
        WriteFields(conversation, budget, json);
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

    private static void WriteInference(Conversation conversation, long budget, Utf8JsonWriter json)
    {
        json.WriteStartObject("inferenceConfig");
        if (conversation.MaxTokens is { } most) json.WriteNumber("maxTokens", Thinking.MaxTokens(most, budget));
        else if (budget > 0) json.WriteNumber("maxTokens", Thinking.MaxTokens(Anthropic.AnthropicRequestWriter.DefaultMaxTokens, budget));
        if (budget == 0) json.WriteIfGiven("temperature", conversation.Temperature is { } temperature ? Math.Clamp(temperature, 0, 1) : null);
        if (budget == 0 || conversation.TopP >= 0.95) json.WriteIfGiven("topP", conversation.TopP);
        json.WriteTexts("stopSequences", conversation.Stop);
        json.WriteEndObject();
    }

    /// <summary>Writes what Converse has no member for, under the names that Claude's models know.</summary>
    private static void WriteFields(Conversation conversation, long budget, Utf8JsonWriter json)
    {
        if (budget == 0 && conversation.TopK is null) return;
        json.WriteStartObject("additionalModelRequestFields");
        if (budget == 0) json.WriteIfGiven("top_k", conversation.TopK);
        else
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", "enabled");
            json.WriteNumber("budget_tokens", budget);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
