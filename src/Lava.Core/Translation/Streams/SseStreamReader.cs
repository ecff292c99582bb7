using System.Buffers;
using System.Text.Json;
using Lava.Core.Formats.Answers;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Streams;

/// <summary>Reads a stream of server-sent events whose data are JSON objects, cut anywhere.</summary>
internal abstract class SseStreamReader(AnswerFlow flow) : AnswerStreamReader
{
    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly SseFields _fields = new();
    private readonly HeldBytes _data = new();
    private bool _isAfterCr;
    private bool _hasData;
    private bool _endsDataLine;
    private bool _isCut;

    protected AnswerFlow Flow => flow;

    public override void Push(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !flow.IsEnded)
        {
            if (_isAfterCr)
            {
                _isAfterCr = false;
                if (bytes[0] == (byte)'\n')
                {
                    bytes = bytes[1..];
                    continue;
                }
            }

            var length = bytes.IndexOfAny(LineEnds);
            var part = length < 0 ? bytes : bytes[..length];
            if (!part.IsEmpty) Take(part);
            if (length < 0) return;
            EndLine();
            _isAfterCr = bytes[length] == (byte)'\r';
            bytes = bytes[(length + 1)..];
        }
    }

    public override void Complete()
    {
        if (flow.IsEnded) return;
        if (!_fields.IsEmptyLine) EndLine();

        // Some providers leave the last blank line out; what was cut is no JSON, and not worth more than the cut.
        _isCut = true;
        if (_hasData) EndEvent();
    }

    public override void Dispose() => _data.Dispose();

    /// <summary>Takes an event's data. Values of the element are gone afterwards.</summary>
    protected abstract void Take(JsonElement data);

    /// <summary>Takes OpenAI's <c>[DONE]</c>.</summary>
    protected virtual void TakeDone() => flow.End();

    private void Take(ReadOnlySpan<byte> part)
    {
        var value = _fields.Take(part);
        if (_fields.Field != SseField.Data) return;
        if (_endsDataLine) _data.Append("\n"u8);
        _endsDataLine = false;
        _hasData = true;
        if (_data.Length + value.Length <= MaxEvent) _data.Append(value);
        else flow.Fail(new ProviderError(502, "An event of the provider's stream is too long."));
    }

    private void EndLine()
    {
        if (_fields.IsEmptyLine)
        {
            EndEvent();
            return;
        }

        _endsDataLine |= _fields.Field == SseField.Data;
        _fields.EndLine();
    }

    private void EndEvent()
    {
        _fields.EndEvent();
        var hadData = _hasData;
        _hasData = false;
        _endsDataLine = false;
        if (!hadData) return;
        if (_data.Span.Trim((byte)' ').SequenceEqual("[DONE]"u8)) TakeDone();
        else TakeData();
        _data.Clear();
    }

    private void TakeData()
    {
        using var document = JsonText.TryParse(_data.Memory);
        if (document is not { RootElement.ValueKind: JsonValueKind.Object })
        {
            if (!_isCut) flow.Fail(new ProviderError(502, "An event of the provider's stream is not a JSON object."));
            return;
        }

        try
        {
            Take(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // A string that is not text, such as half of a surrogate pair in an escape.
            flow.Fail(new ProviderError(502, "An event of the provider's stream is not text."));
        }
    }
}
