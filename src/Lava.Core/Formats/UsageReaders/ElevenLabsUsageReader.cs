using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters ElevenLabs' transcriptions (elevenlabs.io/docs/api-reference/speech-to-text), which may report <c>audio_duration_secs</c>.</summary>
internal sealed class ElevenLabsUsageReader : UsageReader
{
    private const int Duration = 0, Id = 1;

    private static readonly JsonShape TheShape = new("audio_duration_secs", "transcription_id");

    public override JsonShape Shape => TheShape;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(Id), default);
        if (UsageNumbers.TryAmount(json.Value(Duration), out var seconds))
            Report(new UsageReport { HasUsage = true, Usage = new Usage { InputSeconds = seconds } });
    }
}
