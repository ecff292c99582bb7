using System.Text.Json;
using Lava.Core.Formats.UsageReaders;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Anthropic;

/// <summary>Reads a message's stream: <c>message_start</c>, blocks of <c>content_block_start</c>, <c>_delta</c>, <c>_stop</c>, <c>message_delta</c>,
/// <c>message_stop</c>.</summary>
internal sealed class AnthropicStreamReader(AnswerFlow flow) : SseStreamReader(flow)
{
    private AnthropicUsage _usage;

    protected override void Take(JsonElement data)
    {
        var index = (int)Math.Clamp(data.Whole("index") ?? 0, 0, int.MaxValue);
        switch (data.Text("type"))
        {
            case "message_start":
                var message = data.Member("message");
                TakeUsage(message.Member("usage"));
                Flow.Begin(message.Text("id"), message.Text("model"));
                break;
            case "content_block_start":
                TakeStart(index, data.Member("content_block"));
                break;
            case "content_block_delta":
                TakeDelta(index, data.Member("delta"));
                break;
            case "content_block_stop":
                Flow.Close(index);
                break;
            case "message_delta":
                TakeUsage(data.Member("usage"));
                var delta = data.Member("delta");
                if (delta.Text("stop_reason") is { } reason) Flow.Finish(AnthropicAnswers.ReasonOf(reason), delta.Text("stop_sequence"));
                break;
            case "message_stop":
                Flow.End();
                break;
            case "error":
                var type = data.Member("error").Text("type");
                Flow.Fail(AnthropicErrors.Read(AnthropicErrors.StatusOf(type), data));
                break;
            case "ping":
                Flow.Ping();
                break;
        }
    }

    private void TakeUsage(JsonElement usage)
    {
        _usage.Update(usage.Raw());
        if (_usage.Report.HasUsage) Flow.Report(_usage.Usage);
    }

    private void TakeStart(int index, JsonElement block)
    {
        if (Flow.IsOpen(index)) Flow.Close(index);
        switch (block.Text("type"))
        {
            case "text":
                Flow.Open(index, new StreamPart(PartKind.Text));
                Flow.Delta(index, block.Member("text").Raw());
                break;
            case "thinking":
                Flow.Open(index, new StreamPart(PartKind.Thinking));
                Flow.Delta(index, block.Member("thinking").Raw());
                Flow.Sign(index, block.Text("signature"));
                break;
            case "redacted_thinking":
                Flow.Open(index, new StreamPart(PartKind.Redacted, block.Text("data")));
                break;
            case "tool_use":
                Flow.Open(index, new StreamPart(PartKind.ToolCall, block.Text("id"), block.Text("name") ?? ""));

                // Some hosts give the whole input at once.
                if (block.Member("input") is { ValueKind: JsonValueKind.Object } input && input.EnumerateObject().MoveNext())
                    Flow.Delta(index, JsonToken.Of(JsonText.Compact(input)));
                break;
            case var type:
                Flow.Fail(new ProviderError(502, $"The provider's answer has content of type {type}, which is not translated."));
                break;
        }
    }

    private void TakeDelta(int index, JsonElement delta)
    {
        switch (delta.Text("type"))
        {
            case "text_delta":
                TakeText(index, delta.Member("text"));
                break;
            case "input_json_delta":
                TakeText(index, delta.Member("partial_json"));
                break;
            case "thinking_delta":
                TakeText(index, delta.Member("thinking"));
                break;
            case "signature_delta":
                Flow.Sign(index, delta.Text("signature"));
                break;
        }
    }

    private void TakeText(int index, JsonElement text)
    {
        if (text.ValueKind == JsonValueKind.String) Flow.Delta(index, text.Raw());
    }
}
