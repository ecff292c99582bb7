using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.OpenAi;

/// <summary>Whole chat completions. Thoughts are in <c>reasoning_content</c>, as DeepSeek began it.</summary>
internal static class ChatAnswers
{
    public static Answer Read(JsonElement body, Issues issues)
    {
        var choice = FirstChoice(body);
        if (choice.ValueKind != JsonValueKind.Object) issues.Malformed("choices", "The provider's answer has no choice.");
        var message = choice.Member("message");
        var parts = new List<Part>();
        if ((message.Text("reasoning_content") ?? message.Text("reasoning")) is { Length: > 0 } thoughts) parts.Add(new ThinkingPart(thoughts, null));
        ReadContent(message.Member("content"), parts);
        if (message.Text("refusal") is { Length: > 0 } refusal) parts.Add(new TextPart(refusal));
        foreach (var call in message.Items("tool_calls"))
        {
            var custom = call.Member("custom");
            var isCustom = custom.ValueKind == JsonValueKind.Object;
            var tool = isCustom ? custom : call.Member("function");
            parts.Add(new ToolCallPart(call.Text("id") ?? "", tool.Text("name") ?? "", tool.Text(isCustom ? "input" : "arguments") ?? "")
            {
                IsCustom = isCustom,
                Signature = call.Member("extra_content").Member("google").Text("thought_signature"),
            });
        }

        var usage = OpenAiUsage.Read(body.Member("usage").Raw());
        return new Answer
        {
            Id = body.Text("id"),
            Model = body.Text("model"),
            Parts = parts,
            Finish = ReasonOf(choice.Text("finish_reason")),
            Usage = usage.HasUsage ? usage.Usage : null,
        };
    }

    public static JsonElement FirstChoice(JsonElement body)
    {
        foreach (var choice in body.Items("choices"))
        {
            if (choice.Whole("index") is null or 0) return choice;
        }

        return default;
    }

    public static FinishReason ReasonOf(string? word) => word switch
    {
        "length" => FinishReason.Length,
        "tool_calls" or "function_call" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.Filtered,
        _ => FinishReason.Stop,
    };

    public static string Word(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.Filtered => "content_filter",
        _ => "stop",
    };

    public static void Write(Answer answer, ReplyFrame frame, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", answer.Id ?? $"chatcmpl-{frame.AnswerId}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", frame.CreatedAt);
        json.WriteString("model", answer.Model ?? frame.Model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        WriteMessage(answer, frame, json);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", Word(answer.Finish));
        json.WriteEndObject();
        json.WriteEndArray();
        if (answer.Usage is { } usage)
        {
            json.WritePropertyName("usage");
            WriteUsage(json, usage);
        }

        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, in Usage usage) =>
        OpenAiFields.WriteUsage(json, usage, "prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details");

    private static void WriteMessage(Answer answer, ReplyFrame frame, Utf8JsonWriter json)
    {
        var text = string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text));
        var thoughts = string.Concat(answer.Parts.OfType<ThinkingPart>().Select(part => part.Text));
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (text.Length > 0 || !answer.Parts.Any(part => part is ToolCallPart)) json.WriteString("content", text);
        else json.WriteNull("content");
        if (thoughts.Length > 0) json.WriteString("reasoning_content", thoughts);
        json.WriteNull("refusal");
        var calls = answer.Parts.OfType<ToolCallPart>().ToList();
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                OpenAiFields.StartCall(call, frame.CustomAsFunctions, json);
                WriteSignature(call.Signature, json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes Gemini's signature of a call where Google's own endpoint of OpenAI's format has it, so that a client that keeps it can send it
    /// back.</summary>
    public static void WriteSignature(string? signature, Utf8JsonWriter json)
    {
        if (signature is null) return;
        json.WriteStartObject("extra_content");
        json.WriteStartObject("google");
        json.WriteString("thought_signature", signature);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void ReadContent(JsonElement content, List<Part> parts)
    {
        if (content.AsText() is { Length: > 0 } text) parts.Add(new TextPart(text));
        if (content.ValueKind != JsonValueKind.Array) return;
        foreach (var part in content.EnumerateArray())
        {
            // Mistral's reasoning models answer in parts, thoughts among them.
            if (part.Text("type") == "thinking") parts.Add(new ThinkingPart(string.Concat(part.Items("thinking").Select(piece => piece.Text("text"))), null));
            else if (part.Text("text") is { Length: > 0 } piece) parts.Add(new TextPart(piece));
        }
    }
}
