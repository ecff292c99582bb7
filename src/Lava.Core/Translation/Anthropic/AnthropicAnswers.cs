using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Whole messages.</summary>
internal static class AnthropicAnswers
{
    public static Answer Read(JsonElement body, Issues issues)
    {
        if (body.Member("content").ValueKind != JsonValueKind.Array) issues.Malformed("content", "The provider's answer has no content.");
        var parts = new List<Part>();
        foreach (var block in body.Items("content")) Read(block, parts, issues);
        var usage = default(AnthropicUsage);
        usage.Update(body.Member("usage").Raw());
        return new Answer
        {
            Id = body.Text("id"),
            Model = body.Text("model"),
            Parts = parts,
            Finish = ReasonOf(body.Text("stop_reason")),
            StopSequence = body.Text("stop_sequence"),
            Usage = usage.Report.HasUsage ? usage.Usage : null,
        };
    }

    public static FinishReason ReasonOf(string? word) => word switch
    {
        "stop_sequence" => FinishReason.StopSequence,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "refusal" => FinishReason.Filtered,
        _ => FinishReason.Stop,
    };

    public static string Word(FinishReason reason, string? stopSequence) => reason switch
    {
        // Anthropic names the sequence; where the provider does not, the turn just ended.
        FinishReason.StopSequence when stopSequence is not null => "stop_sequence",
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.Filtered => "refusal",
        _ => "end_turn",
    };

    public static void Write(Answer answer, ReplyFrame frame, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Id ?? $"msg_{frame.AnswerId}");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", answer.Model ?? frame.Model);
        json.WriteStartArray("content");
        foreach (var part in answer.Parts) Write(part, json);
        json.WriteEndArray();
        json.WriteString("stop_reason", Word(answer.Finish, answer.StopSequence));
        json.WriteString("stop_sequence", answer.StopSequence);
        json.WritePropertyName("usage");
        WriteUsage(answer.Usage ?? default, json);
        json.WriteEndObject();
    }

    /// <summary>Writes a usage object: what came from a cache or went into one stands beside <c>input_tokens</c> there.</summary>
    public static void WriteUsage(in Usage usage, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens", Math.Max(0, usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens));
        json.WriteNumber("cache_creation_input_tokens", usage.CacheWriteTokens);
        json.WriteNumber("cache_read_input_tokens", usage.CacheReadTokens);
        if (usage.CacheWriteLongTokens > 0)
        {
            json.WriteStartObject("cache_creation");
            json.WriteNumber("ephemeral_5m_input_tokens", usage.CacheWriteTokens - usage.CacheWriteLongTokens);
            json.WriteNumber("ephemeral_1h_input_tokens", usage.CacheWriteLongTokens);
            json.WriteEndObject();
        }

        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteEndObject();
    }

    private static void Read(JsonElement block, List<Part> parts, Issues issues)
    {
        switch (block.Text("type"))
        {
            case "text":
                if (block.Text("text") is { Length: > 0 } text) parts.Add(new TextPart(text));
                break;
            case "thinking":
                parts.Add(new ThinkingPart(block.Text("thinking") ?? "", block.Text("signature") is { Length: > 0 } signature ? signature : null));
                break;
            case "redacted_thinking":
                parts.Add(new ThinkingPart("", null, block.Text("data") ?? ""));
                break;
            case "tool_use":
                var input = block.Member("input");
                parts.Add(new ToolCallPart(
                    block.Text("id") ?? "",
                    block.Text("name") ?? "",
                    input.ValueKind == JsonValueKind.Object ? JsonText.Compact(input) : "{}"));
                break;
            case var type:
                issues.Unsupported("content", $"The provider's answer has content of type {type}, which is not translated.");
                break;
        }
    }

    private static void Write(Part part, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case ThinkingPart thinking:
                AnthropicThinking.Write(thinking, json);
                break;
            case ToolCallPart call:
                json.WriteString("type", "tool_use");
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                AnswerArguments.Write(call.Arguments, json);
                break;
        }

        json.WriteEndObject();
    }
}
