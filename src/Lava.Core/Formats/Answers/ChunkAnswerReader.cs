using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads a stream of binary frames that each wrap an event of a model's own format in base64, as Bedrock's InvokeModelWithResponseStream sends it
/// (Amazon Bedrock API reference, ResponseStream): <c>{"bytes":"…"}</c>. A frame flows as soon as it is whole; the terminal one and all after it are held
/// back. Frames are laid out as <see cref="EventStreamAnswerReader"/> says.</summary>
internal sealed class ChunkAnswerReader(UsageReader meter) : AnswerReader
{
    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;

    /// <summary>Longest frame, bytes: an event has a piece of an answer. A longer one is no frame: the stream then passes unread.</summary>
    private const int MaxFrame = 1024 * 1024;

    /// <summary>Most bytes held back of the stream's end; of a longer end only the last of them are held.</summary>
    private const int MaxHeld = 64 * 1024;

    private readonly JsonScanner _json = new(meter.Shape);
    private readonly HeldBytes _frame = new();
    private readonly HeldBytes _held = new();
    private bool _isBroken;
    private bool _isComplete;
    private bool _isReleased;
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
        while (!bytes.IsEmpty && !_isBroken && !_isComplete)
        {
            var wanted = _frame.Length < PreludeBytes ? PreludeBytes : (int)BinaryPrimitives.ReadUInt32BigEndian(_frame.Span);
            var count = Math.Min(wanted - _frame.Length, bytes.Length);
            _frame.Append(bytes[..count]);
            bytes = bytes[count..];
            if (_frame.Length < wanted) break;
            if (wanted == PreludeBytes) _isBroken = !IsFrame(_frame.Span);
            else EndFrame(release);
        }

        if (_isBroken)
        {
            meter.GiveUp();
            _frame.MoveTo(release);
        }

        // Of a stream that cannot be read a last byte is held, so that the client does not have it whole before it is settled.
        _held.Append(bytes);
        _held.Shrink(_isBroken ? 1 : MaxHeld, release);
    }

    public override void Finish()
    {
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        _held.MoveTo(release);
        _frame.MoveTo(release);
        _isReleased = true;
    }

    public override void Dispose()
    {
        _json.Dispose();
        _frame.Dispose();
        _held.Dispose();
    }

    private static bool IsFrame(ReadOnlySpan<byte> prelude)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        return length is <= MaxFrame and >= PreludeBytes + ChecksumBytes && headers <= length - PreludeBytes - ChecksumBytes;
    }

    private void EndFrame(IBufferWriter<byte> release)
    {
        var frame = _frame.Span;
        _seen = _seen.With(frame.Length);
        var headers = frame.Slice(PreludeBytes, (int)BinaryPrimitives.ReadUInt32BigEndian(frame[4..]));
        if (EventStreamHeaders.Read(headers).IsFault) meter.Fail();
        else TakeEvent(frame[(PreludeBytes + headers.Length)..^ChecksumBytes]);
        if (!_isComplete)
        {
            _frame.MoveTo(release);
            return;
        }

        _held.Append(frame);
        _frame.Clear();
    }

    private void TakeEvent(ReadOnlySpan<byte> payload)
    {
        if (Decoded(payload) is not { } data || meter.IsDull(default, data)) return;
        _json.Scan(data);
        if (_json.IsComplete) meter.Take(_json);
        _isComplete = meter.RoleOf(_json) == EventRole.Terminal;
        _json.Reset();
    }

    private static byte[]? Decoded(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !BodyMember.TryFind(ref reader, "bytes"u8, out _, out _)) return null;
            return reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var data) ? data : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
