using System.Buffers;
using System.Buffers.Binary;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a stream of binary frames (application/vnd.amazon.eventstream, as ConverseStream sends it) as it passes, cut anywhere. A frame is: total
/// length and headers' length (4 bytes each, big endian), a checksum of both, headers, payload, a checksum of all. Checksums are the client's to verify. The
/// stream is held back from
/// <c>messageStop</c> on, so that the <c>metadata</c> frame after it, which has the usage, is read before the client has the answer whole.</summary>
internal sealed class EventStreamAnswerReader(BedrockUsageReader meter) : AnswerReader
{
    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;

    /// <summary>Longest frame, bytes; the format's own bound is 16 MiB of payload. A longer one is no frame: the stream then passes unread.</summary>
    private const int MaxFrame = 17 * 1024 * 1024;

    /// <summary>Longest headers, bytes; Converse sends about a hundred. Longer ones are given up likewise.</summary>
    private const int MaxHeaders = 4 * 1024;

    /// <summary>Most bytes held back of the stream's end; of a longer end only the last of them are held.</summary>
    private const int MaxHeld = 64 * 1024;

    private readonly JsonScanner _json = new(meter.Shape);
    private readonly HeldBytes _held = new();
    private readonly HeldBytes _head = new();
    private int _headersLength;
    private int _payloadLeft;
    private int _checksumLeft;
    private bool _isInHead = true;
    private bool _isRead;
    private bool _isBroken;
    private bool _isHolding;
    private bool _isComplete;
    private bool _isReleased;
    private EventRole _role;
    private AnswerSeen _seen;

    public override bool IsComplete => _isComplete;

    public override AnswerSummary Summary => meter.Summary with { IsWhole = _isComplete, Seen = _seen };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isReleased)
        {
            release.Write(bytes);
            return;
        }

        _seen = _seen with { Bytes = _seen.Bytes + bytes.Length };
        while (!bytes.IsEmpty)
        {
            var count = _isBroken || _isComplete ? bytes.Length
                : _isInHead ? TakeHead(bytes)
                : _payloadLeft > 0 ? TakePayload(bytes)
                : TakeChecksum(bytes);

            // A frame's head waits until it is known what frame it is.
            _held.Append(bytes[..count]);
            if (!_isHolding && !_isInHead) _held.MoveTo(release);
            else if (_isBroken) _held.Shrink(1, release);
            _held.Shrink(MaxHeld, release);
            bytes = bytes[count..];
        }
    }

    public override void Finish()
    {
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        _held.MoveTo(release);
        _isReleased = true;
    }

    public override void Dispose()
    {
        _json.Dispose();
        _held.Dispose();
        _head.Dispose();
    }

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var wanted = _head.Length < PreludeBytes ? PreludeBytes - _head.Length : PreludeBytes + _headersLength - _head.Length;
        var count = Math.Min(wanted, bytes.Length);
        _head.Append(bytes[..count]);
        if (count < wanted) return count;
        if (_head.Length == PreludeBytes && !ReadPrelude())
        {
            GiveUp();
            return count;
        }

        if (_head.Length < PreludeBytes + _headersLength) return count;
        BeginFrame(EventStreamHeaders.Read(_head.Span[PreludeBytes..]));
        return count;
    }

    private bool ReadPrelude()
    {
        var frame = BinaryPrimitives.ReadUInt32BigEndian(_head.Span);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(_head.Span[4..]);
        if (frame > MaxFrame || headers > MaxHeaders || frame < PreludeBytes + headers + ChecksumBytes) return false;
        _seen = _seen.With((int)frame);
        _headersLength = (int)headers;
        _payloadLeft = (int)(frame - headers) - PreludeBytes - ChecksumBytes;
        _checksumLeft = ChecksumBytes;
        return true;
    }

    private void BeginFrame(EventStreamHeaders headers)
    {
        _isInHead = false;
        _isRead = false;
        if (headers.IsFault) meter.Fail();
        _role = meter.RoleOf(_head.Span.Slice(headers.EventStart + PreludeBytes, headers.EventLength));
        _isRead = _role == EventRole.Terminal;
        _isHolding = _role != EventRole.Ordinary;
        _head.Clear();
    }

    private int TakePayload(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(_payloadLeft, bytes.Length);
        if (_isRead) _json.Scan(bytes[..count]);
        _payloadLeft -= count;
        return count;
    }

    private int TakeChecksum(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(_checksumLeft, bytes.Length);
        _checksumLeft -= count;
        if (_checksumLeft > 0) return count;
        if (_isRead) meter.Take(_json);
        _isComplete = _role == EventRole.Terminal;
        _isInHead = true;
        return count;
    }

    private void GiveUp()
    {
        _isBroken = true;
        meter.GiveUp();
    }
}
