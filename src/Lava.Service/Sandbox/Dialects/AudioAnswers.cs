using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Speech: silence, a tenth of a second unless the directive <c>seconds</c> asks for more. OpenAI's endpoint answers with WAV where the request names
/// no format (a WAV tells its length to whoever transcribes it again), ElevenLabs' with MP3, as does any other format than WAV and PCM.</summary>
internal static class AudioAnswers
{
    private const int SampleRate = 8_000;
    private const decimal SecondsOfCharacter = 0.05m;
    private const decimal LeastSeconds = 0.1m;
    private const decimal MostSeconds = 60;

    /// <summary>A silent frame: MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono, without side information; 1,152 samples.</summary>
    private static readonly byte[] SilentFrame = [0xFF, 0xFB, 0x90, 0xC4, .. new byte[413]];

    /// <summary>A tenth of a second of 16-bit mono samples.</summary>
    private static readonly byte[] SilentSamples = new byte[SampleRate * 2 / 10];

    public static SandboxReply Speak(SandboxCall call)
    {
        if (call.Endpoint.Format == WireFormat.ElevenLabs && call.Url.AbsolutePath.EndsWith("/with-timestamps", StringComparison.Ordinal))
            return WithTimestamps(call);
        var seconds = Seconds(call);
        if (call.Text("stream_format") == "sse")
        {
            return SandboxReply.Events(
                Events(call, seconds),
                SandboxReply.Event(SandboxErrors.Body(SandboxDialect.OpenAi, 500, SandboxErrors.MidStream), "error"));
        }

        var format = call.Endpoint.Format == WireFormat.ElevenLabs
            ? (call.Query("output_format") ?? "mp3").Split('_')[0]
            : call.Text("response_format") ?? "wav";
        return format switch
        {
            "wav" => new SandboxReply(200, "audio/wav", Wave(seconds)),
            "pcm" => new SandboxReply(200, "audio/pcm", Samples(seconds)),
            _ => new SandboxReply(200, "audio/mpeg", Frames(seconds)),
        };
    }

    private static decimal Seconds(SandboxCall call) => Math.Clamp(call.Directives.Seconds ?? LeastSeconds, LeastSeconds, MostSeconds);

    private static IEnumerable<byte[]> Frames(decimal seconds) => Enumerable.Repeat(SilentFrame, (int)decimal.Ceiling(seconds * 44_100 / 1_152));

    private static IEnumerable<byte[]> Samples(decimal seconds) => Enumerable.Repeat(SilentSamples, (int)decimal.Ceiling(seconds * 10));

    private static IEnumerable<byte[]> Wave(decimal seconds)
    {
        var bytes = (int)decimal.Ceiling(seconds * 10) * SilentSamples.Length;
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + bytes);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), bytes);
        return Samples(seconds).Prepend(header);
    }

    private static IEnumerable<byte[]> Events(SandboxCall call, decimal seconds)
    {
        foreach (var frame in Frames(seconds))
            yield return SandboxReply.Event(new JsonObject { ["type"] = "speech.audio.delta", ["audio"] = Convert.ToBase64String(frame) });
        var done = new JsonObject { ["type"] = "speech.audio.done" };
        if (call.HasUsage)
        {
            done["usage"] = new JsonObject
            {
                ["input_tokens"] = call.InputTokens, ["output_tokens"] = call.OutputTokens, ["total_tokens"] = call.InputTokens + call.OutputTokens,
            };
        }

        yield return SandboxReply.Event(done);
    }

    private static SandboxReply WithTimestamps(SandboxCall call)
    {
        var alignment = new JsonObject
        {
            ["characters"] = new JsonArray(),
            ["character_start_times_seconds"] = new JsonArray(),
            ["character_end_times_seconds"] = new JsonArray(),
        };
        var at = 0m;
        foreach (var character in call.Prompt.LastUserText.EnumerateRunes())
        {
            ((JsonArray)alignment["characters"]!).Add((JsonNode)character.ToString());
            ((JsonArray)alignment["character_start_times_seconds"]!).Add((JsonNode)at);
            at += SecondsOfCharacter;
            ((JsonArray)alignment["character_end_times_seconds"]!).Add((JsonNode)at);
        }

        return SandboxReply.Json(new JsonObject
        {
            ["audio_base64"] = Convert.ToBase64String([.. Frames(Seconds(call)).SelectMany(frame => frame)]),
            ["alignment"] = alignment,
            ["normalized_alignment"] = alignment.DeepClone(),
        });
    }
}
