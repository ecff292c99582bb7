using System.Buffers;
using System.Buffers.Binary;
using Lava.Core.Formats.Usages;

namespace Lava.Core.Formats.Answers;

/// <summary>Reads Bedrock's ConverseStream: frames of <c>application/vnd.amazon.eventstream</c> (total length, header length, checksum, headers, payload, checksum). The
/// <c>metadata</c> frame carries usage and comes last; it is held. Frames are passed on when they are complete; their checksums are for the client to check.</summary>
internal sealed class EventStreamReader : AnswerReader
{
    private const int PreludeBytes = 12;

    /// <summary>Longest frame that is understood; AWS sends none longer than 16 MiB, and ConverseStream none near it. After a longer one bytes pass unread.</summary>
    private const int MaxFrame = 4 * 1024 * 1024;

    private readonly HeldBytes _held = new();
    private UsageReport _report;
    private bool _hasError;
    private bool _isComplete;
    private bool _isLost;

    public override bool IsComplete => _isComplete;

    public override AnswerSummary Summary => new()
    {
        Usage = _report.Usage,
        HasUsage = _report.HasUsage,
        IsInconsistent = _report.IsInconsistent,
        HasError = _hasError,
        IsWhole = _isComplete,
    };

    public override void Read(ReadOnlySpan<byte> bytes, IBufferWriter<byte> release)
    {
        if (_isLost)
        {
            release.Write(bytes);
            return;
        }

        _held.Append(bytes);
        if (_isComplete) return;
        var at = 0;
        while (_held.Length - at >= PreludeBytes)
        {
            var frame = _held.Span[at..];
            var total = BinaryPrimitives.ReadUInt32BigEndian(frame);
            var headers = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]);
            if (total is < PreludeBytes + 4 or > MaxFrame || headers > total - PreludeBytes - 4)
            {
                _isLost = true;
                release.Write(_held.Span);
                _held.Clear();
                return;
            }

            if (frame.Length < total) break;
            if (Interpret(frame.Slice(PreludeBytes, (int)headers), frame[(PreludeBytes + (int)headers)..((int)total - 4)]))
            {
                _isComplete = true;
                break;
            }

            at += (int)total;
        }

        release.Write(_held.Span[..at]);
        _held.Drop(at);
    }

    public override void Finish()
    {
    }

    public override void ReleaseHeld(IBufferWriter<byte> release)
    {
        release.Write(_held.Span);
        _held.Clear();
    }

    public override void Dispose() => _held.Dispose();

    private bool Interpret(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        if (!Header(headers, ":exception-type"u8).IsEmpty || Header(headers, ":message-type"u8).SequenceEqual("error"u8)) _hasError = true;
        if (!Header(headers, ":event-type"u8).SequenceEqual("metadata"u8)) return false;
        using var members = new JsonMembers(payload, ["usage"u8.ToArray()]);
        _report = BedrockUsage.Read(members.Usage);
        return true;
    }

    /// <summary>A header of type string (7); empty where there is none.</summary>
    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        while (headers.Length > 4)
        {
            var nameLength = headers[0];
            if (headers.Length < nameLength + 4 || headers[nameLength + 1] != 7) return default;
            var valueLength = BinaryPrimitives.ReadUInt16BigEndian(headers[(nameLength + 2)..]);
            var end = nameLength + 4 + valueLength;
            if (headers.Length < end) return default;
            if (headers.Slice(1, nameLength).SequenceEqual(name)) return headers[(nameLength + 4)..end];
            headers = headers[end..];
        }

        return default;
    }
}
