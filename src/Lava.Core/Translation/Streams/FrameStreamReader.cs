using System.Buffers.Binary;
using System.Text.Json;
using Lava.Core.Formats.Answers;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Streams;

/// <summary>Reads a stream of binary frames (application/vnd.amazon.eventstream) whose payloads are JSON objects, cut anywhere. A frame is: total length and
/// headers' length (4 bytes each, big endian), a checksum of both, headers, payload, a checksum of all.</summary>
internal abstract class FrameStreamReader(AnswerFlow flow) : AnswerStreamReader
{
    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;
    private const int MaxHeaders = 64 * 1024;

    private readonly HeldBytes _frame = new();

    protected AnswerFlow Flow => flow;

    public override void Push(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !flow.IsEnded)
        {
            var wanted = _frame.Length < PreludeBytes ? PreludeBytes : FrameLength();
            if (wanted > _frame.Length)
            {
                var count = Math.Min(wanted - _frame.Length, bytes.Length);
                _frame.Append(bytes[..count]);
                bytes = bytes[count..];
            }

            if (_frame.Length < PreludeBytes) return;
            if (!IsFrame())
            {
                flow.Fail(new ProviderError(502, "The provider's stream is not made of event-stream frames."));
                return;
            }

            if (_frame.Length < FrameLength()) continue;
            TakeFrame();
            _frame.Clear();
        }
    }

    public override void Dispose() => _frame.Dispose();

    /// <summary>Takes a frame.</summary>
    /// <param name="type">The type of the event or exception.</param>
    /// <param name="isFault">Whether it is an exception.</param>
    /// <param name="payload">Its payload; gone afterwards.</param>
    protected abstract void Take(ReadOnlySpan<byte> type, bool isFault, JsonElement payload);

    private int FrameLength() => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_frame.Span), int.MaxValue);

    private int HeadersLength() => (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_frame.Span[4..]), int.MaxValue);

    private bool IsFrame() => FrameLength() <= MaxEvent && HeadersLength() <= MaxHeaders && FrameLength() >= PreludeBytes + HeadersLength() + ChecksumBytes;

    private void TakeFrame()
    {
        var headers = _frame.Span.Slice(PreludeBytes, HeadersLength());
        var read = EventStreamHeaders.Read(headers);
        using var document = JsonText.TryParse(_frame.Memory[(PreludeBytes + headers.Length)..^ChecksumBytes]);
        if (document is null && !read.IsFault)
        {
            flow.Fail(new ProviderError(502, "A frame of the provider's stream is not JSON."));
            return;
        }

        try
        {
            Take(headers.Slice(read.EventStart, read.EventLength), read.IsFault, document?.RootElement ?? default);
        }
        catch (InvalidOperationException)
        {
            flow.Fail(new ProviderError(502, "A frame of the provider's stream is not text."));
        }
    }
}
