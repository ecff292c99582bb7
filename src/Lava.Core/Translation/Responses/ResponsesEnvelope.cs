using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.OpenAi;

namespace Lava.Core.Translation.Responses;

/// <summary>Writes the object around a response's output; SDKs look for every member of it.</summary>
internal static class ResponsesEnvelope
{
    public static void Write(
        Utf8JsonWriter json,
        string? id,
        string? model,
        ReplyFrame frame,
        FinishReason reason,
        Usage? usage,
        bool isFinal,
        Action<Utf8JsonWriter> writeOutput,
        ProviderError? error = null)
    {
        var cut = !isFinal ? null : reason switch { FinishReason.Length => "max_output_tokens", FinishReason.Filtered => "content_filter", _ => null };
        json.WriteStartObject();
        json.WriteString("id", id is null || frame.IsKept ? $"resp_{frame.AnswerId}" : id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", frame.CreatedAt);
        json.WriteString("status", error is not null ? "failed" : !isFinal ? "in_progress" : cut is null ? "completed" : "incomplete");
        json.WriteBoolean("background", false);
        WriteError(json, error);
        if (cut is null) json.WriteNull("incomplete_details");
        else
        {
            json.WriteStartObject("incomplete_details");
            json.WriteString("reason", cut);
            json.WriteEndObject();
        }

        json.WriteNull("instructions");
        json.WriteNull("max_output_tokens");
        json.WriteString("model", model ?? frame.Model);
        json.WriteStartArray("output");
        writeOutput(json);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls", true);
        json.WriteString("previous_response_id", frame.PreviousResponse);
        json.WriteBoolean("store", frame.IsKept);
        json.WriteNull("temperature");
        json.WriteString("tool_choice", "auto");
        json.WriteStartArray("tools");
        json.WriteEndArray();
        json.WriteNull("top_p");
        json.WriteString("truncation", "disabled");
        json.WritePropertyName("usage");
        if (isFinal && usage is { } known)
        {
            OpenAiFields.WriteUsage(json, known, "input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details");
        }
        else json.WriteNullValue();
        json.WriteNull("user");
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, ProviderError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("code", error.Code ?? OpenAiErrors.CodeOf(error.Status) ?? "server_error");
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }
}
