using System.Globalization;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>What ElevenLabs refuses of a request for speech (elevenlabs.io/docs/api-reference/text-to-speech/convert).</summary>
internal static class ElevenLabsCheck
{
    private static readonly HashSet<string> OutputFormats = new(StringComparer.Ordinal)
    {
        "mp3_22050_32", "mp3_24000_48", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "mp3_44100_192",
        "pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_32000", "pcm_44100", "pcm_48000",
        "wav_8000", "wav_16000", "wav_22050", "wav_24000", "wav_32000", "wav_44100", "wav_48000",
        "opus_48000_32", "opus_48000_64", "opus_48000_96", "opus_48000_128", "opus_48000_192",
        "ulaw_8000", "alaw_8000",
    };

    /// <summary>The settings of a voice, and their bounds.</summary>
    private static readonly (string Name, double Least, double Most)[] Settings =
    [
        ("stability", 0, 1), ("similarity_boost", 0, 1), ("style", 0, 1), ("speed", 0.7, 1.2),
    ];

    /// <summary>The refusal of a request; null where ElevenLabs would take it.</summary>
    public static SandboxRefusal? Of(SandboxCall call)
    {
        if (call.Endpoint.Kind != EndpointKind.Speech) return null;
        if (!call.Json.At("text").IsGiven()) return new SandboxRefusal("text: Field required", "text", null, 422);
        if (call.Query("output_format") is { } format && !OutputFormats.Contains(format))
            return new SandboxRefusal($"output_format: Input should be {string.Join(", ", OutputFormats)}", "output_format", null, 422);
        foreach (var (name, least, most) in Settings)
        {
            if (call.Json.At("voice_settings").At(name).Number() is { } value && (value < least || value > most))
            {
                var words = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Invalid setting for {name} received, expected to be greater or equal to {least:0.0} and less or equal to {most:0.0}, received {value}");
                return new SandboxRefusal(words, name, "invalid_voice_settings");
            }
        }

        return null;
    }
}
