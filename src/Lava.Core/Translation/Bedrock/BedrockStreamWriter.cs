using System.Buffers;
using System.Text.Json;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Writes ConverseStream's frames.</summary>
internal sealed class BedrockStreamWriter : AnswerStreamWriter
{
    private readonly ArrayBufferWriter<byte> _payload = new();
    private int _index = -1;
    private PartKind _kind;

    public override void Begin(string? id, string? model, Usage? usage)
    {
        _payload.Write("{\"role\":\"assistant\"}"u8);
        EndEvent("messageStart"u8);
    }

    public override void BeginPart(in StreamPart part)
    {
        _index++;
        _kind = part.Kind;
        var json = Payload();
        if (part.Kind == PartKind.ToolCall)
        {
            json.WriteStartObject();
            json.WriteNumber("contentBlockIndex", _index);
            json.WriteStartObject("start");
            json.WriteStartObject("toolUse");
            json.WriteString("toolUseId", part.Id);
            json.WriteString("name", part.Name);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
            EndEvent("contentBlockStart"u8);
        }
        else if (part.Kind == PartKind.Redacted) WriteReasoning("redactedContent", part.Id ?? "");
    }

    public override void Delta(ReadOnlySpan<byte> token)
    {
        _payload.Write("{\"contentBlockIndex\":"u8);
        var digits = _payload.GetSpan(20);
        System.Buffers.Text.Utf8Formatter.TryFormat(_index, digits, out var written);
        _payload.Advance(written);
        _payload.Write(_kind switch
        {
            PartKind.ToolCall => ",\"delta\":{\"toolUse\":{\"input\":"u8,
            PartKind.Thinking => ",\"delta\":{\"reasoningContent\":{\"text\":"u8,
            _ => ",\"delta\":{\"text\":"u8,
        });
        _payload.Write(token);
        _payload.Write(_kind is PartKind.Text ? "}}"u8 : "}}}"u8);
        EndEvent("contentBlockDelta"u8);
    }

    public override void Sign(string signature)
    {
        if (_kind == PartKind.Thinking) WriteReasoning("signature", signature);
    }

    public override void EndPart()
    {
        var json = Payload();
        json.WriteStartObject();
        json.WriteNumber("contentBlockIndex", _index);
        json.WriteEndObject();
        json.Flush();
        EndEvent("contentBlockStop"u8);
    }

    public override void End(FinishReason reason, string? stopSequence, Usage? usage)
    {
        var json = Payload();
        json.WriteStartObject();
        json.WriteString("stopReason", BedrockAnswers.Word(reason));
        if (stopSequence is not null)
        {
            json.WriteStartObject("additionalModelResponseFields");
            json.WriteString("stop_sequence", stopSequence);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        EndEvent("messageStop"u8);
        json = Payload();
        json.WriteStartObject();
        json.WritePropertyName("usage");
        BedrockAnswers.WriteUsage(usage ?? default, json);
        json.WriteStartObject("metrics");
        json.WriteNumber("latencyMs", 0);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        EndEvent("metadata"u8);
    }

    public override void Fail(ProviderError error)
    {
        var json = Payload();
        BedrockErrors.Write(error, json);
        json.Flush();
        EventStreamFrame.Write(
            Output,
            ":exception-type"u8,
            System.Text.Encoding.ASCII.GetBytes(BedrockErrors.ExceptionOf(error.Status)),
            "exception"u8,
            _payload.WrittenSpan);
        _payload.ResetWrittenCount();
    }

    private void WriteReasoning(string member, string value)
    {
        var json = Payload();
        json.WriteStartObject();
        json.WriteNumber("contentBlockIndex", _index);
        json.WriteStartObject("delta");
        json.WriteStartObject("reasoningContent");
        json.WriteString(member, value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        EndEvent("contentBlockDelta"u8);
    }

    private Utf8JsonWriter Payload()
    {
        var json = Json();
        json.Reset(_payload);
        return json;
    }

    private void EndEvent(ReadOnlySpan<byte> type)
    {
        EventStreamFrame.Write(Output, ":event-type"u8, type, "event"u8, _payload.WrittenSpan);
        _payload.ResetWrittenCount();
    }
}
