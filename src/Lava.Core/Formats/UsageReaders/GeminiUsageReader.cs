using System.Text.Json;
using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters the generateContent family (ai.google.dev/api/generate-content). Each piece of a stream reports the usage so far; the last one counts. A
/// stream of events has no terminal event: the piece with a finish reason is the last unless another follows.</summary>
internal sealed class GeminiUsageReader : UsageReader
{
    private const int UsageMetadata = 0, Id = 1, Model = 2, Error = 3, FinishReason = 4, BlockReason = 5, Queries = 6;

    private static readonly JsonShape TheShape = new(
        "usageMetadata", "responseId", "modelVersion", "error", "candidates.finishReason", "promptFeedback.blockReason",
        "candidates.groundingMetadata.webSearchQueries");

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => HasId
        && data.IndexOf("\"usageMetadata\""u8) < 0 && data.IndexOf("Reason\""u8) < 0 && data.IndexOf("\"webSearchQueries\""u8) < 0
        && data.IndexOf("\"error\""u8) < 0;

    public override EventRole RoleOf(JsonScanner json) =>
        json.Value(FinishReason).StartsWith("\""u8) || json.Value(BlockReason).StartsWith("\""u8) ? EventRole.Finishing : EventRole.Ordinary;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(Id), json.Value(Model));
        Fault(json.Value(Error));
        var usage = json.Value(UsageMetadata);
        if (!usage.IsEmpty) Report(GeminiUsage.Read(usage));
        if (Strings(json.Value(Queries)) is var queries and > 0) Tools(new ToolCalls { WebSearches = queries, GroundedAnswers = 1 });
    }

    /// <summary>How many strings a list has that are not empty: empty queries are not billed.</summary>
    private static int Strings(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("["u8)) return 0;
        var reader = new Utf8JsonReader(json);
        var count = 0;
        try
        {
            while (reader.Read()) count += reader is { TokenType: JsonTokenType.String, ValueSpan.Length: > 0 } ? 1 : 0;
        }
        catch (JsonException)
        {
        }

        return count;
    }
}
