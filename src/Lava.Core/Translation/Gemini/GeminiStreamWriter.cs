using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Gemini;

/// <summary>Writes a stream of answers that go on from each other: events of <c>alt=sse</c>, or the elements of one JSON array. Calls are whole.</summary>
internal sealed class GeminiStreamWriter(ReplyFrame frame) : AnswerStreamWriter
{
    private readonly HeldBytes _arguments = new();
    private StreamPart _part;
    private string _id = "";
    private string _model = "";
    private bool _hasChunk;

    public override bool IsFull => _arguments.Length > AnswerStreamReader.MaxEvent;

    public override void Begin(string? id, string? model, Usage? usage)
    {
        _id = id ?? frame.AnswerId;
        _model = model ?? frame.Model;
    }

    public override void BeginPart(in StreamPart part)
    {
        _part = part;
        _arguments.Clear();
    }

    public override void Delta(ReadOnlySpan<byte> token)
    {
        if (_part.Kind == PartKind.ToolCall)
        {
            _arguments.Append(token[1..^1]);
            return;
        }

        BeginChunk();
        Write("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":"u8);
        Write(token);
        if (_part.Kind == PartKind.Thinking) Write(",\"thought\":true"u8);
        Write("}],\"role\":\"model\"},\"index\":0}],"u8);
        EndChunk();
    }

    public override void Sign(string signature)
    {
    }

    public override void EndPart()
    {
        if (_part.Kind != PartKind.ToolCall) return;
        BeginChunk();
        Write("{\"candidates\":[{\"content\":{\"parts\":["u8);
        var json = Json();
        json.WriteStartObject();
        json.WriteStartObject("functionCall");
        json.WriteString("id", _part.Id);
        json.WriteString("name", _part.Name);
        json.WritePropertyName("args");
        AnswerArguments.Write(JsonToken.TextOf(_arguments.Span), json);
        json.WriteEndObject();
        json.WriteIfGiven("thoughtSignature", _part.Signature);
        json.WriteEndObject();
        json.Flush();
        Write("],\"role\":\"model\"},\"index\":0}],"u8);
        EndChunk();
    }

    public override void End(FinishReason reason, string? stopSequence, Usage? usage)
    {
        BeginChunk();
        Write("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\""u8);
        Write(System.Text.Encoding.ASCII.GetBytes(GeminiAnswers.Word(reason)));
        Write("\",\"index\":0}],"u8);
        if (usage is { } known)
        {
            // The member of an object whose braces are cut off.
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (var json = JsonOutput.Open(buffer))
            {
                json.WriteStartObject();
                GeminiAnswers.WriteUsage(known, json);
                json.WriteEndObject();
            }

            Write(buffer.WrittenSpan[1..^1]);
            Write(","u8);
        }

        EndChunk();
        if (frame.AsArray) Write("]"u8);
    }

    public override void Fail(ProviderError error)
    {
        BeginChunk();
        var json = Json();
        GeminiErrors.Write(error, json);
        json.Flush();
        if (frame.AsArray) Write("]"u8);
        else Write("\r\n\r\n"u8);
    }

    public override void Dispose()
    {
        _arguments.Dispose();
        base.Dispose();
    }

    private void BeginChunk()
    {
        if (!frame.AsArray) Write("data: "u8);
        else if (_hasChunk) Write(",\r\n"u8);
        else Write("["u8);
        _hasChunk = true;
    }

    private void EndChunk()
    {
        Write("\"modelVersion\":"u8);
        var json = Json();
        json.WriteStringValue(_model);
        json.Flush();
        Write(",\"responseId\":"u8);
        json = Json();
        json.WriteStringValue(_id);
        json.Flush();
        if (frame.AsArray) Write("}"u8);
        else Write("}\r\n\r\n"u8);
    }
}
