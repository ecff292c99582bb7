using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Frames of <c>application/vnd.amazon.eventstream</c>: total length, headers' length, checksum of both, headers, payload, checksum of all; numbers
/// big-endian, checksums CRC-32, header values strings (type 7).</summary>
internal static class EventStreamFrame
{
    public const string ContentType = "application/vnd.amazon.eventstream";

    private const byte StringType = 7;

    public static byte[] Event(string type, JsonObject payload) => Frame(":event-type", type, "event", payload);

    public static byte[] Exception(string type, JsonObject payload) => Frame(":exception-type", type, "exception", payload);

    private static byte[] Frame(string typeHeader, string type, string messageType, JsonObject payload)
    {
        var body = SandboxJson.Bytes(payload);
        var headers = Length(typeHeader, type) + Length(":content-type", "application/json") + Length(":message-type", messageType);
        var frame = new byte[12 + headers + body.Length + 4];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)frame.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), (uint)headers);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), Crc32.HashToUInt32(frame.AsSpan(0, 8)));
        var at = Header(frame, 12, typeHeader, type);
        at = Header(frame, at, ":content-type", "application/json");
        at = Header(frame, at, ":message-type", messageType);
        body.CopyTo(frame, at);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(frame.Length - 4), Crc32.HashToUInt32(frame.AsSpan(0, frame.Length - 4)));
        return frame;
    }

    private static int Length(string name, string value) => 1 + name.Length + 1 + 2 + value.Length;

    private static int Header(byte[] frame, int at, string name, string value)
    {
        frame[at++] = (byte)name.Length;
        at += Encoding.ASCII.GetBytes(name, frame.AsSpan(at));
        frame[at++] = StringType;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)value.Length);
        return at + 2 + Encoding.ASCII.GetBytes(value, frame.AsSpan(at + 2));
    }
}
