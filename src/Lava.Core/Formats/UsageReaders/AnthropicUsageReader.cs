using Lava.Core.Formats.Answers;

namespace Lava.Core.Formats.UsageReaders;

/// <summary>Meters Anthropic's messages (docs.anthropic.com, Messages and Streaming): a stream reports in <c>message_start</c> and
/// <c>message_delta</c>.</summary>
internal sealed class AnthropicUsageReader : UsageReader
{
    private const int Type = 0, Id = 1, Model = 2, Usage = 3, Error = 4, InnerId = 5, InnerModel = 6, InnerUsage = 7;

    private static readonly JsonShape TheShape = new("type", "id", "model", "usage", "error", "message.id", "message.model", "message.usage");

    private AnthropicUsage _usage;

    public override JsonShape Shape => TheShape;

    public override bool IsDull(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => name.IsEmpty
        ? data.StartsWith("{\"type\":\"content_block_"u8)
        : name.StartsWith("content_block_"u8) || name.SequenceEqual("ping"u8);

    public override EventRole RoleOf(ReadOnlySpan<byte> name) => name.SequenceEqual("message_stop"u8) ? EventRole.Terminal : EventRole.Ordinary;

    public override EventRole RoleOf(JsonScanner json) => Is(json.Value(Type), "message_stop"u8) ? EventRole.Terminal : EventRole.Ordinary;

    protected override void TakeMembers(JsonScanner json)
    {
        Name(json.Value(InnerId), json.Value(InnerModel));
        Name(json.Value(Id), json.Value(Model));
        Fault(json.Value(Error));
        if (Is(json.Value(Type), "error"u8)) Fault("true"u8);
        _usage.Update(json.Value(InnerUsage));
        _usage.Update(json.Value(Usage));
        Report(_usage.Report);
    }
}
