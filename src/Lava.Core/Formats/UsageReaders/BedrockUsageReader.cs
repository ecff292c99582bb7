using Lava.Core.Formats.Answers;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters Converse (Amazon Bedrock API reference, Converse and ConverseStream): a body and a stream's <c>metadata</c> frame carry the same
/// <c>usage</c>, <c>serviceTier</c> and <c>performanceConfig</c>.</summary>
internal sealed class BedrockUsageReader : UsageReader
{
    private const int Usage = 0, ServiceTier = 1, Latency = 2;

    private static readonly JsonShape TheShape = new("usage", "serviceTier.type", "performanceConfig.latency");

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => !name.SequenceEqual("metadata"u8);

    public override EventRole RoleOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("messageStop"u8) ? EventRole.Finishing : name.SequenceEqual("metadata"u8) ? EventRole.Terminal : EventRole.Ordinary;

    protected override void TakeMembers(JsonScanner json)
    {
        var usage = json.Value(Usage);
        if (!usage.IsEmpty) Report(BedrockUsage.Read(usage));
        Tier(json.Value(ServiceTier));
        Speed(json.Value(Latency));
    }
}
