using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>Embeddings, speech, transcriptions and images in OpenAI's and ElevenLabs' shapes.</summary>
internal static class MediaAnswers
{
    /// <summary>A transparent PNG of one pixel.</summary>
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    public static SandboxReply Embeddings(SandboxCall call)
    {
        var dimensions = (int)Math.Clamp(call.Whole("dimensions") ?? 16, 1, 3_072);
        var vector = Vector(dimensions);
        var count = call.Json.ValueKind == JsonValueKind.Object && call.Json.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Array
            && input.GetArrayLength() > 0 && input[0].ValueKind != JsonValueKind.Number ? Math.Min(input.GetArrayLength(), 2_048) : 1;
        var data = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            JsonNode embedding = call.Text("encoding_format") == "base64" ? JsonValue.Create(Base64(vector)) : new JsonArray([.. vector.Select(value => JsonValue.Create(value))]);
            data.Add((JsonNode)new JsonObject { ["object"] = "embedding", ["index"] = i, ["embedding"] = embedding });
        }

        var body = new JsonObject { ["object"] = "list", ["data"] = data, ["model"] = call.Model };
        if (call.HasUsage) body["usage"] = new JsonObject { ["prompt_tokens"] = call.InputTokens, ["total_tokens"] = call.InputTokens };
        return SandboxReply.Json(body);
    }

    /// <summary>A tenth of a second of silence as WAV.</summary>
    public static SandboxReply Speech()
    {
        const int Samples = 800;
        var wav = new byte[44 + (Samples * 2)];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        "WAVEfmt "u8.CopyTo(wav.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(24), 8_000);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 16_000);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(34), 16);
        "data"u8.CopyTo(wav.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), Samples * 2);
        return new SandboxReply(200, "audio/wav", [wav[..400], wav[400..]]);
    }

    public static SandboxReply Transcription(SandboxCall call, string form)
    {
        var seconds = call.Directives["seconds"] ?? 3;
        var text = call.AnswerText();
        if (form.Contains("verbose_json", StringComparison.Ordinal))
        {
            return SandboxReply.Json(new JsonObject
            {
                ["task"] = "transcribe", ["language"] = "english", ["duration"] = seconds, ["text"] = text, ["segments"] = new JsonArray(),
                ["usage"] = new JsonObject { ["type"] = "duration", ["seconds"] = seconds },
            });
        }

        if (form.Contains("\r\n\r\ntext\r\n", StringComparison.Ordinal)) return new SandboxReply(200, "text/plain; charset=utf-8", [Encoding.UTF8.GetBytes(text + "\n")]);
        var body = new JsonObject { ["text"] = text };
        if (call.HasUsage)
        {
            body["usage"] = form.Contains("gpt-4o", StringComparison.Ordinal)
                ? new JsonObject
                {
                    ["type"] = "tokens", ["input_tokens"] = call.InputTokens, ["input_token_details"] = new JsonObject { ["text_tokens"] = 0, ["audio_tokens"] = call.InputTokens },
                    ["output_tokens"] = call.OutputTokens, ["total_tokens"] = call.InputTokens + call.OutputTokens,
                }
                : new JsonObject { ["type"] = "duration", ["seconds"] = seconds };
        }

        return SandboxReply.Json(body);
    }

    public static SandboxReply Images(SandboxCall call, long created)
    {
        var count = call.Directives["images"] ?? Math.Clamp(call.Whole("n") ?? 1, 1, 10);
        var data = new JsonArray();
        for (var i = 0L; i < count; i++) data.Add((JsonNode)new JsonObject { ["b64_json"] = Pixel });
        var body = new JsonObject { ["created"] = created, ["data"] = data };
        if (call.HasUsage && call.Model.StartsWith("gpt-image", StringComparison.Ordinal))
        {
            body["usage"] = new JsonObject
            {
                ["total_tokens"] = call.InputTokens + call.OutputTokens,
                ["input_tokens"] = call.InputTokens,
                ["output_tokens"] = call.OutputTokens,
                ["input_tokens_details"] = new JsonObject { ["text_tokens"] = call.InputTokens, ["image_tokens"] = 0 },
            };
        }

        return SandboxReply.Json(body);
    }

    public static SandboxReply SpeechToText(SandboxCall call) =>
        SandboxReply.Json(new JsonObject { ["language_code"] = "eng", ["language_probability"] = 1, ["text"] = call.AnswerText(), ["words"] = new JsonArray() });

    /// <summary>A unit vector, the same for all.</summary>
    public static double[] Vector(int dimensions)
    {
        var value = Math.Round(1 / Math.Sqrt(dimensions), 8);
        return [.. Enumerable.Range(0, dimensions).Select(i => i % 2 == 0 ? value : -value)];
    }

    private static string Base64(double[] vector)
    {
        var bytes = new byte[vector.Length * 4];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), (float)vector[i]);
        return Convert.ToBase64String(bytes);
    }
}
