using System.Buffers;
using System.Text.Json;
using Lava.Core.Formats.Answers;
using Lava.Core.Pricing;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;
using Lava.Core.Translation.Streams;

namespace Lava.Core.Translation.Responses;

/// <summary>Writes a response's stream of named, numbered events. The last one repeats the whole answer, which is why it is kept until then.</summary>
internal sealed class ResponsesStreamWriter(ReplyFrame frame) : AnswerStreamWriter
{
    private readonly ResponsesItems _items = new(frame.AnswerId);
    private readonly HeldBytes _text = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private StreamPart _part;
    private string _itemId = "";
    private string? _id;
    private string? _model;
    private int _index = -1;
    private long _number;

    public override bool IsFull => _text.Length + _output.WrittenCount > AnswerStreamReader.MaxEvent;

    public override void Begin(string? id, string? model, Usage? usage)
    {
        _id = id;
        _model = model;
        WriteResponse("response.created"u8, FinishReason.Stop, null, isFinal: false);
        WriteResponse("response.in_progress"u8, FinishReason.Stop, null, isFinal: false);
    }

    public override void BeginPart(in StreamPart part)
    {
        _part = part;
        if (part.Kind == PartKind.Redacted) return;
        _index++;
        _text.Clear();
        _text.Append("\""u8);
        _itemId = _items.NextId(part.Kind switch { PartKind.ToolCall => ResponsesItems.PrefixOf(part.IsCustom), PartKind.Thinking => "rs", _ => "msg" });
        WriteItem("response.output_item.added"u8, "in_progress", isWhole: false);
        if (part.Kind == PartKind.ToolCall) return;
        var json = BeginPartEvent(part.Kind == PartKind.Text ? "response.content_part.added"u8 : "response.reasoning_summary_part.added"u8);
        json.WritePropertyName("part");
        WriteContent(json, "\"\""u8);
        EndEvent(json);
    }

    public override void Delta(ReadOnlySpan<byte> token)
    {
        _text.Append(token[1..^1]);
        var json = BeginPartEvent(_part.Kind switch
        {
            PartKind.ToolCall when _part.IsCustom => "response.custom_tool_call_input.delta"u8,
            PartKind.ToolCall => "response.function_call_arguments.delta"u8,
            PartKind.Thinking => "response.reasoning_summary_text.delta"u8,
            _ => "response.output_text.delta"u8,
        });
        json.WriteToken("delta", token);
        if (_part.Kind == PartKind.Text)
        {
            json.WriteStartArray("logprobs");
            json.WriteEndArray();
        }

        EndEvent(json);
    }

    public override void Sign(string signature)
    {
    }

    public override void EndPart()
    {
        if (_part.Kind == PartKind.Redacted) return;
        _text.Append("\""u8);
        if (_part.Kind == PartKind.ToolCall)
        {
            var done = BeginPartEvent(_part.IsCustom ? "response.custom_tool_call_input.done"u8 : "response.function_call_arguments.done"u8);
            if (!_part.IsCustom) done.WriteString("name", ToolNamespace.Split(_part.Name).Name);
            done.WriteToken(_part.IsCustom ? "input" : "arguments", _text.Span);
            EndEvent(done);
        }
        else
        {
            var json = BeginPartEvent(_part.Kind == PartKind.Text ? "response.output_text.done"u8 : "response.reasoning_summary_text.done"u8);
            json.WriteToken("text", _text.Span);
            if (_part.Kind == PartKind.Text)
            {
                json.WriteStartArray("logprobs");
                json.WriteEndArray();
            }

            EndEvent(json);
            json = BeginPartEvent(_part.Kind == PartKind.Text ? "response.content_part.done"u8 : "response.reasoning_summary_part.done"u8);
            json.WritePropertyName("part");
            WriteContent(json, _text.Span);
            EndEvent(json);
        }

        WriteItem("response.output_item.done"u8, "completed", isWhole: true);
        if (_output.WrittenCount > 0) _output.Write(","u8);
        using var item = JsonOutput.Open(_output);
        WriteItem(item, "completed", _text.Span);
    }

    public override void End(FinishReason reason, string? stopSequence, Usage? usage)
    {
        WriteResponse(reason is FinishReason.Length or FinishReason.Filtered ? "response.incomplete"u8 : "response.completed"u8, reason, usage, isFinal: true);
    }

    public override void Fail(ProviderError error)
    {
        if (_number == 0) Begin(null, null, null);
        WriteResponse("response.failed"u8, FinishReason.Stop, null, isFinal: false, error);
    }

    public override void Dispose()
    {
        _text.Dispose();
        base.Dispose();
    }

    private void WriteItem(ReadOnlySpan<byte> type, string status, bool isWhole)
    {
        var json = BeginEvent(type);
        json.WriteNumber("output_index", _index);
        json.WritePropertyName("item");
        WriteItem(json, status, isWhole ? _text.Span : _part.Kind == PartKind.ToolCall ? "\"\""u8 : default);
        EndEvent(json);
    }

    private void WriteItem(Utf8JsonWriter json, string status, ReadOnlySpan<byte> token)
    {
        if (_part.Kind == PartKind.ToolCall) ResponsesItems.WriteCall(json, _itemId, status, _part.IsCustom, _part.Id, _part.Name, token);
        else if (_part.Kind == PartKind.Thinking) ResponsesItems.WriteReasoning(json, _itemId, token);
        else ResponsesItems.WriteMessage(json, _itemId, status, token);
    }

    private void WriteContent(Utf8JsonWriter json, ReadOnlySpan<byte> token)
    {
        if (_part.Kind == PartKind.Text) ResponsesItems.WriteText(json, token);
        else ResponsesItems.WriteSummary(json, token);
    }

    private void WriteResponse(ReadOnlySpan<byte> type, FinishReason reason, Usage? usage, bool isFinal, ProviderError? error = null)
    {
        var json = BeginEvent(type);
        json.WritePropertyName("response");
        ResponsesEnvelope.Write(json, _id, _model, frame, reason, usage, isFinal, WriteOutput, error);
        EndEvent(json);

        void WriteOutput(Utf8JsonWriter output)
        {
            if (isFinal && _output.WrittenCount > 0) output.WriteRawValue(_output.WrittenSpan, skipInputValidation: true);
        }
    }

    /// <summary>Begins an event that belongs to the item at hand.</summary>
    private Utf8JsonWriter BeginPartEvent(ReadOnlySpan<byte> type)
    {
        var json = BeginEvent(type);
        json.WriteString("item_id", _itemId);
        json.WriteNumber("output_index", _index);
        if (_part.Kind == PartKind.Text) json.WriteNumber("content_index", 0);
        else if (_part.Kind == PartKind.Thinking) json.WriteNumber("summary_index", 0);
        return json;
    }

    private Utf8JsonWriter BeginEvent(ReadOnlySpan<byte> type)
    {
        Write("event: "u8);
        Write(type);
        Write("\ndata: "u8);
        var json = Json();
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number", _number++);
        return json;
    }

    private void EndEvent(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        Write("\n\n"u8);
    }
}
