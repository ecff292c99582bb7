using System.Buffers.Binary;

namespace Lava.Core.Formats.Answers;

/// <summary>What a frame's headers say. A header is: its name's length (1 byte), name, type (1 byte), value; a string (type 7) has a length of 2 bytes, big
/// endian.</summary>
/// <param name="EventStart">Where the type of the event or exception stands in the headers.</param>
/// <param name="EventLength">Its length; 0 where there is none.</param>
/// <param name="IsFault">Whether the frame is an exception or an error instead of an event.</param>
internal readonly record struct EventStreamHeaders(int EventStart, int EventLength, bool IsFault)
{
    private const byte StringType = 7;

    /// <summary>Reads headers; what is malformed ends the reading.</summary>
    public static EventStreamHeaders Read(ReadOnlySpan<byte> headers)
    {
        var found = default(EventStreamHeaders);
        var at = 0;
        while (at < headers.Length)
        {
            var nameLength = headers[at];
            var valueAt = at + 1 + nameLength + 1;
            if (valueAt > headers.Length) break;
            var name = headers.Slice(at + 1, nameLength);
            var type = headers[valueAt - 1];
            var length = FixedLength(type);
            if (length < 0)
            {
                if (valueAt + 2 > headers.Length) break;
                length = BinaryPrimitives.ReadUInt16BigEndian(headers[valueAt..]);
                valueAt += 2;
            }

            if (valueAt + length > headers.Length) break;
            if (type == StringType && (name.SequenceEqual(":event-type"u8) || name.SequenceEqual(":exception-type"u8)))
                found = found with { EventStart = valueAt, EventLength = length };
            if (type == StringType && name.SequenceEqual(":message-type"u8))
                found = found with { IsFault = !headers.Slice(valueAt, length).SequenceEqual("event"u8) };
            at = valueAt + length;
        }

        return found;
    }

    // Types: booleans, byte, short, int, long, bytes, string, timestamp, uuid.
    private static int FixedLength(byte type) => type switch
    {
        0 or 1 => 0,
        2 => 1,
        3 => 2,
        4 => 4,
        5 or 8 => 8,
        9 => 16,
        _ => -1,
    };
}
