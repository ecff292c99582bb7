using System.Buffers;
using System.Buffers.Binary;

namespace Lava.Core.Translation.Bedrock;

/// <summary>Writes frames of application/vnd.amazon.eventstream: total length, headers' length, checksum of both, headers, payload, checksum of all; numbers
/// big-endian, checksums CRC-32 of IEEE 802.3, header values strings (type 7).</summary>
public static class EventStreamFrame
{
    /// <summary>The media type of such streams.</summary>
    public const string ContentType = "application/vnd.amazon.eventstream";

    private const byte StringType = 7;
    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(entry =>
    {
        var value = (uint)entry;
        for (var bit = 0; bit < 8; bit++) value = (value & 1) == 1 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    })];

    /// <summary>Writes a frame.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="typeHeader"><c>:event-type</c> or <c>:exception-type</c>.</param>
    /// <param name="type">The event's or exception's name, ASCII.</param>
    /// <param name="messageType"><c>event</c> or <c>exception</c>.</param>
    /// <param name="payload">UTF-8 JSON.</param>
    public static void Write(
        IBufferWriter<byte> output,
        ReadOnlySpan<byte> typeHeader,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> messageType,
        ReadOnlySpan<byte> payload)
    {
        var headers = Length(typeHeader, type) + Length(":content-type"u8, "application/json"u8) + Length(":message-type"u8, messageType);
        var length = PreludeBytes + headers + payload.Length + ChecksumBytes;
        var frame = output.GetSpan(length)[..length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)length);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], (uint)headers);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Checksum(frame[..8]));
        var rest = Header(frame[PreludeBytes..], typeHeader, type);
        rest = Header(rest, ":content-type"u8, "application/json"u8);
        rest = Header(rest, ":message-type"u8, messageType);
        payload.CopyTo(rest);
        BinaryPrimitives.WriteUInt32BigEndian(rest[payload.Length..], Checksum(frame[..^ChecksumBytes]));
        output.Advance(length);
    }

    private static int Length(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => 1 + name.Length + 1 + 2 + value.Length;

    private static Span<byte> Header(Span<byte> frame, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        frame[0] = (byte)name.Length;
        name.CopyTo(frame[1..]);
        frame = frame[(1 + name.Length)..];
        frame[0] = StringType;
        BinaryPrimitives.WriteUInt16BigEndian(frame[1..], (ushort)value.Length);
        value.CopyTo(frame[3..]);
        return frame[(3 + value.Length)..];
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }
}
