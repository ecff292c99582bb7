using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Reads ConverseStream's frames: <c>messageStart</c>, blocks, <c>messageStop</c>, <c>metadata</c>. Only a tool's block says that it starts.</summary>
internal sealed class BedrockStreamReader(AnswerFlow flow) : FrameStreamReader(flow)
{
    public override void Complete()
    {
        if (Flow.IsFinished) Flow.End();
    }

    protected override void Take(ReadOnlySpan<byte> type, bool isFault, JsonElement payload)
    {
        if (isFault)
        {
            Flow.Fail(BedrockErrors.Read(BedrockErrors.StatusOf(type), payload));
            return;
        }

        var index = (int)Math.Clamp(payload.Whole("contentBlockIndex") ?? 0, 0, int.MaxValue);
        if (type.SequenceEqual("messageStart"u8)) Flow.Begin(null, null);
        else if (type.SequenceEqual("contentBlockStart"u8)) TakeStart(index, payload.Member("start").Member("toolUse"));
        else if (type.SequenceEqual("contentBlockDelta"u8)) TakeDelta(index, payload.Member("delta"));
        else if (type.SequenceEqual("contentBlockStop"u8)) Flow.Close(index);
        else if (type.SequenceEqual("messageStop"u8))
        {
            Flow.Finish(BedrockAnswers.ReasonOf(payload.Text("stopReason")), payload.Member("additionalModelResponseFields").Text("stop_sequence"));
        }
        else if (type.SequenceEqual("metadata"u8))
        {
            var usage = BedrockUsage.Read(payload.Member("usage").Raw());
            if (usage.HasUsage) Flow.Report(usage.Usage);
            Flow.End();
        }
    }

    private void TakeStart(int index, JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object) return;
        Flow.Close(index);
        Flow.Open(index, new StreamPart(PartKind.ToolCall, call.Text("toolUseId"), call.Text("name") ?? ""));
    }

    private void TakeDelta(int index, JsonElement delta)
    {
        if (delta.Member("toolUse").Member("input") is { ValueKind: JsonValueKind.String } input) Flow.Delta(index, input.Raw());
        else if (delta.Member("text") is { ValueKind: JsonValueKind.String } text) TakeText(index, PartKind.Text, text);
        else if (delta.Member("reasoningContent") is { ValueKind: JsonValueKind.Object } thoughts)
        {
            if (thoughts.Text("redactedContent") is { } redacted)
            {
                if (!Flow.IsOpen(index)) Flow.Open(index, new StreamPart(PartKind.Redacted, redacted));
            }
            else if (thoughts.Member("text") is { ValueKind: JsonValueKind.String } thought) TakeText(index, PartKind.Thinking, thought);
            else if (Flow.IsOpen(index)) Flow.Sign(index, thoughts.Text("signature"));
        }
    }

    private void TakeText(int index, PartKind kind, JsonElement text)
    {
        if (!Flow.IsOpen(index)) Flow.Open(index, new StreamPart(kind));
        Flow.Delta(index, text.Raw());
    }
}
