using Lava.Core.Catalogue;
using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters OpenAI's embeddings, transcriptions, images and speech events (platform.openai.com/docs/api-reference). Images without usage are counted; a
/// transcription without it reports <c>duration</c> in its verbose form.</summary>
internal sealed class OpenAiMediaUsageReader(EndpointKind kind) : UsageReader
{
    private const int Type = 0, Model = 1, Usage = 2, Error = 3, Duration = 4, Images = 5;

    private static readonly JsonShape TheShape = new("type", "model", "usage", "error", "duration");
    private static readonly JsonShape ImageShape = new("type", "model", "usage", "error", "duration", "data[]");

    private UsageReport _report;

    public override JsonShape Shape => kind == EndpointKind.Images ? ImageShape : TheShape;

    public override EventRole RoleOf(JsonScanner json)
    {
        var type = json.Value(Type);
        return Is(type, "transcript.text.done"u8) || Is(type, "speech.audio.done"u8) || IsImage(type) ? EventRole.Finishing : EventRole.Ordinary;
    }

    protected override void TakeMembers(JsonScanner json)
    {
        Name(default, json.Value(Model));
        Fault(json.Value(Error));
        if (Is(json.Value(Type), "error"u8)) Fault("true"u8);
        var made = _report.Usage.Images;
        if (json.Value(Usage).StartsWith("{"u8)) _report = OpenAiUsage.Read(json.Value(Usage));
        if (kind == EndpointKind.Images) CountImages(json, made);
        if (kind == EndpointKind.Transcription && _report.Usage is { InputSeconds: 0, TotalTokens: 0 }) TakeDuration(json.Value(Duration));
        Report(_report);
    }

    private static bool IsImage(ReadOnlySpan<byte> type) => Is(type, "image_generation.completed"u8) || Is(type, "image_edit.completed"u8);

    private void CountImages(JsonScanner json, long made)
    {
        if (IsImage(json.Value(Type))) made++;
        else if (json.Count(Images) >= 0) made = json.Count(Images);

        // An image model's answer is images; not every host repeats that in output_tokens_details.
        var usage = _report.Usage with { Images = made };
        if (usage.ImageOutputTokens == 0) usage = usage with { ImageOutputTokens = usage.OutputTokens };
        _report.Usage = usage;
        _report.HasUsage |= made > 0;
    }

    private void TakeDuration(ReadOnlySpan<byte> json)
    {
        if (!UsageNumbers.TryAmount(json, out var seconds)) return;
        _report.Usage = new Usage { InputSeconds = seconds };
        _report.HasUsage = true;
    }
}
