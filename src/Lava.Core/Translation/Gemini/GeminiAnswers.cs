using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Gemini;

/// <summary>Whole answers, of the first candidate.</summary>
internal static class GeminiAnswers
{
    public static Answer Read(JsonElement body, Issues issues)
    {
        var parts = new List<Part>();
        var candidate = FirstCandidate(body);
        var block = body.Member("promptFeedback").Text("blockReason");
        if (candidate.ValueKind != JsonValueKind.Object && block is null) issues.Malformed("candidates", "The provider's answer has no candidate.");
        foreach (var part in candidate.Member("content").Items("parts"))
        {
            if (part.Text("text") is { } text)
            {
                if (part.Member("thought").ValueKind == JsonValueKind.True) parts.Add(new ThinkingPart(text, part.Text("thoughtSignature")));
                else if (text.Length > 0) parts.Add(new TextPart(text));
            }
            else if (part.Member("functionCall") is { ValueKind: JsonValueKind.Object } call)
            {
                var arguments = call.Member("args");
                parts.Add(new ToolCallPart(
                    call.Text("id") ?? "",
                    call.Text("name") ?? "",
                    arguments.ValueKind == JsonValueKind.Object ? JsonText.Compact(arguments) : "{}")
                {
                    Signature = part.Text("thoughtSignature"),
                });
            }
            else if (!IsEmpty(part))
                issues.Unsupported("candidates[0].content.parts", "The provider's answer has content other than text and calls, which is not translated.");
        }

        if (FaultOf(candidate) is { } fault) issues.Malformed("candidates[0].finishReason", fault);
        var usage = GeminiUsage.Read(body.Member("usageMetadata").Raw());
        return new Answer
        {
            Id = body.Text("responseId"),
            Model = body.Text("modelVersion"),
            Parts = parts,
            Finish = block is not null ? FinishReason.Filtered : ReasonOf(candidate.Text("finishReason")),
            Usage = usage.HasUsage ? usage.Usage : null,
        };
    }

    public static JsonElement FirstCandidate(JsonElement body)
    {
        foreach (var candidate in body.Items("candidates"))
        {
            if (candidate.Whole("index") is null or 0) return candidate;
        }

        return default;
    }

    /// <summary>What went wrong with an answer that ended in a call which cannot be read; null where it ended otherwise. It would look like an answer without
    /// anything in it.</summary>
    public static string? FaultOf(JsonElement candidate)
    {
        var reason = candidate.Text("finishReason");
        if (reason is not ("MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS")) return null;
        return $"The model's call of a tool cannot be read ({reason}): {candidate.Text("finishMessage") ?? "the provider says no more"}. Try again.";
    }

    /// <summary>Whether a part says nothing but, perhaps, a signature.</summary>
    public static bool IsEmpty(JsonElement part) =>
        part.ValueKind != JsonValueKind.Object || part.EnumerateObject().All(member => member.Name is "thought" or "thoughtSignature");

    public static FinishReason ReasonOf(string? word) => word switch
    {
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "IMAGE_SAFETY" or "LANGUAGE" => FinishReason.Filtered,
        _ => FinishReason.Stop,
    };

    public static string Word(FinishReason reason) => reason switch
    {
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.Filtered => "SAFETY",
        _ => "STOP",
    };

    public static void Write(Answer answer, ReplyFrame frame, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        json.WriteStartObject("content");
        json.WriteStartArray("parts");
        foreach (var part in answer.Parts) Write(part, json);
        json.WriteEndArray();
        json.WriteString("role", "model");
        json.WriteEndObject();
        json.WriteString("finishReason", Word(answer.Finish));
        json.WriteNumber("index", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        if (answer.Usage is { } usage) WriteUsage(usage, json);
        json.WriteString("modelVersion", answer.Model ?? frame.Model);
        json.WriteString("responseId", answer.Id ?? frame.AnswerId);
        json.WriteEndObject();
    }

    /// <summary>Writes the usage member: thoughts are counted beside candidates there, and cached tokens are a part of the prompt's.</summary>
    public static void WriteUsage(in Usage usage, Utf8JsonWriter json)
    {
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", usage.InputTokens);
        json.WriteNumber("candidatesTokenCount", Math.Max(0, usage.OutputTokens - usage.ReasoningTokens));
        json.WriteNumber("totalTokenCount", usage.TotalTokens);
        if (usage.CacheReadTokens > 0) json.WriteNumber("cachedContentTokenCount", usage.CacheReadTokens);
        if (usage.ReasoningTokens > 0) json.WriteNumber("thoughtsTokenCount", usage.ReasoningTokens);
        json.WriteEndObject();
    }

    private static void Write(Part part, Utf8JsonWriter json)
    {
        if (part is ThinkingPart { Redacted: not null }) return;
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text:
                json.WriteString("text", text.Text);
                break;
            case ThinkingPart thinking:
                GeminiThinking.Write(thinking, json);
                break;
            case ToolCallPart call:
                json.WriteStartObject("functionCall");
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("args");
                AnswerArguments.Write(call.Arguments, json);
                json.WriteEndObject();
                json.WriteIfGiven("thoughtSignature", call.Signature);
                break;
        }

        json.WriteEndObject();
    }
}
