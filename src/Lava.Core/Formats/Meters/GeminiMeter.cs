using Lava.Core.Formats.Answers;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Meters;

/// <summary>Meters the generateContent family (ai.google.dev/api/generate-content). Each piece of a stream reports the usage so far; the last one counts. A stream of events
/// has no terminal event: the piece with a finish reason is the last unless another follows.</summary>
internal sealed class GeminiMeter : AnswerMeter
{
    private const int UsageMetadata = 0, Id = 1, Model = 2, Error = 3, FinishReason = 4, BlockReason = 5;

    private static readonly JsonShape TheShape = new(
        "usageMetadata", "responseId", "modelVersion", "error", "candidates.finishReason", "promptFeedback.blockReason");

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => HasId
        && data.IndexOf("\"usageMetadata\""u8) < 0 && data.IndexOf("Reason\""u8) < 0 && data.IndexOf("\"error\""u8) < 0;

    public override EventRole RoleOf(JsonScanner json) =>
        json.Value(FinishReason).StartsWith("\""u8) || json.Value(BlockReason).StartsWith("\""u8) ? EventRole.Finishing : EventRole.Ordinary;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(Id), json.Value(Model));
        Fault(json.Value(Error));
        var usage = json.Value(UsageMetadata);
        if (!usage.IsEmpty) Report(GeminiUsage.Read(usage));
    }
}
