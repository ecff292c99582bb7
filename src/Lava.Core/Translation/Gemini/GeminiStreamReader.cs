using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Gemini;

/// <summary>Reads a stream of <c>alt=sse</c>: each event is an answer of its own that goes on from the one before; calls are whole. It ends with the
/// connection.</summary>
internal sealed class GeminiStreamReader(AnswerFlow flow) : SseStreamReader(flow)
{
    private int _key;
    private PartKind? _kind;

    public override void Complete()
    {
        base.Complete();
        if (Flow.IsFinished) Flow.End();
    }

    protected override void Take(JsonElement data)
    {
        if (data.Member("error") is { ValueKind: JsonValueKind.Object } error)
        {
            Flow.Fail(GeminiErrors.Read((int)Math.Clamp(error.Whole("code") ?? 500, 400, 599), data));
            return;
        }

        if (data.Member("usageMetadata") is { ValueKind: JsonValueKind.Object } usage) Flow.Report(GeminiUsage.Read(usage.Raw()).Usage);
        Flow.Begin(data.Text("responseId"), data.Text("modelVersion"));
        if (data.Member("promptFeedback").Text("blockReason") is not null) Flow.Finish(FinishReason.Filtered);
        var candidate = GeminiAnswers.FirstCandidate(data);
        foreach (var part in candidate.Member("content").Items("parts")) TakePart(part);
        if (GeminiAnswers.FaultOf(candidate) is { } fault)
        {
            Flow.Fail(new ProviderError(502, fault));
            return;
        }

        if (candidate.Text("finishReason") is { } reason) Flow.Finish(GeminiAnswers.ReasonOf(reason));
    }

    private void TakePart(JsonElement part)
    {
        if (part.Member("text") is { ValueKind: JsonValueKind.String } text)
        {
            if (text.Raw().Length <= 2) return;
            Open(part.Member("thought").ValueKind == JsonValueKind.True ? PartKind.Thinking : PartKind.Text);
            Flow.Delta(_key, text.Raw());
            if (_kind == PartKind.Thinking) Flow.Sign(_key, part.Text("thoughtSignature"));
        }
        else if (part.Member("functionCall") is { ValueKind: JsonValueKind.Object } call)
        {
            Flow.Close(_key++);
            _kind = null;
            Flow.Open(_key, new StreamPart(PartKind.ToolCall, call.Text("id"), call.Text("name") ?? "", part.Text("thoughtSignature")));
            if (call.Member("args") is { ValueKind: JsonValueKind.Object } arguments) Flow.Delta(_key, JsonToken.Of(JsonText.Compact(arguments)));
            Flow.Close(_key++);
        }
        else if (!GeminiAnswers.IsEmpty(part))
            Flow.Fail(new ProviderError(502, "The provider's answer has content other than text and calls, which is not translated."));
    }

    private void Open(PartKind kind)
    {
        if (_kind == kind) return;
        Flow.Close(_key++);
        Flow.Open(_key, new StreamPart(kind));
        _kind = kind;
    }
}
