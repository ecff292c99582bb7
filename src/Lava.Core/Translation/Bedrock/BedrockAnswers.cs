using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Whole answers of Converse.</summary>
internal static class BedrockAnswers
{
    public static Answer Read(JsonElement body, Issues issues)
    {
        var message = body.Member("output").Member("message");
        if (message.ValueKind != JsonValueKind.Object) issues.Malformed("output.message", "The provider's answer has no message.");
        var parts = new List<Part>();
        foreach (var block in message.Items("content"))
        {
            if (block.Text("text") is { } text)
            {
                if (text.Length > 0) parts.Add(new TextPart(text));
            }
            else if (block.Member("toolUse") is { ValueKind: JsonValueKind.Object } call)
            {
                var input = call.Member("input");
                parts.Add(new ToolCallPart(
                    call.Text("toolUseId") ?? "",
                    call.Text("name") ?? "",
                    input.ValueKind == JsonValueKind.Object ? JsonText.Compact(input) : "{}"));
            }
            else if (block.Member("reasoningContent") is { ValueKind: JsonValueKind.Object } thoughts) parts.Add(BedrockThinking.Read(thoughts));
            else
            {
                issues.Unsupported("output.message.content", "The provider's answer has content other than text, thoughts and calls, which is not translated.");
            }
        }

        var usage = BedrockUsage.Read(body.Member("usage").Raw());
        return new Answer
        {
            Parts = parts,
            Finish = ReasonOf(body.Text("stopReason")),
            StopSequence = body.Member("additionalModelResponseFields").Text("stop_sequence"),
            Usage = usage.HasUsage ? usage.Usage : null,
        };
    }

    public static FinishReason ReasonOf(string? word) => word switch
    {
        "stop_sequence" => FinishReason.StopSequence,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "tool_use" => FinishReason.ToolCalls,
        "content_filtered" or "guardrail_intervened" => FinishReason.Filtered,
        _ => FinishReason.Stop,
    };

    public static string Word(FinishReason reason) => reason switch
    {
        FinishReason.StopSequence => "stop_sequence",
        FinishReason.Length => "max_tokens",
        FinishReason.ToolCalls => "tool_use",
        FinishReason.Filtered => "content_filtered",
        _ => "end_turn",
    };

    public static void Write(Answer answer, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("output");
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteStartArray("content");
        foreach (var part in answer.Parts) Write(part, json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("stopReason", Word(answer.Finish));
        if (answer.StopSequence is not null)
        {
            json.WriteStartObject("additionalModelResponseFields");
            json.WriteString("stop_sequence", answer.StopSequence);
            json.WriteEndObject();
        }

        json.WritePropertyName("usage");
        WriteUsage(answer.Usage ?? default, json);
        json.WriteStartObject("metrics");
        json.WriteNumber("latencyMs", 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a usage object: like Anthropic's, what came from a cache or went into one stands beside <c>inputTokens</c>.</summary>
    public static void WriteUsage(in Usage usage, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("inputTokens", Math.Max(0, usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens));
        json.WriteNumber("outputTokens", usage.OutputTokens);
        json.WriteNumber("totalTokens", usage.TotalTokens);
        if (usage.CacheReadTokens > 0) json.WriteNumber("cacheReadInputTokens", usage.CacheReadTokens);
        if (usage.CacheWriteTokens > 0) json.WriteNumber("cacheWriteInputTokens", usage.CacheWriteTokens);
        json.WriteEndObject();
    }

    private static void Write(Part part, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("text", text.Text);
                break;
            case ThinkingPart thinking:
                BedrockThinking.Write(thinking, json);
                break;
            case ToolCallPart call:
                json.WriteStartObject("toolUse");
                json.WriteString("toolUseId", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                AnswerArguments.Write(call.Arguments, json);
                json.WriteEndObject();
                break;
        }

        json.WriteEndObject();
    }
}
