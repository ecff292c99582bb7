using System.Buffers.Binary;
using System.Text;

namespace Lava.Core.Tests.Formats;

/// <summary>Builds a frame of application/vnd.amazon.eventstream (docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html). Its checksums are left zero.</summary>
public static class EventStreamFrame
{
    public static byte[] Of(string type, string payload, string messageType = "event")
    {
        byte[] headers = [.. Header(messageType == "event" ? ":event-type" : ":exception-type", type), .. Header(":content-type", "application/json"), .. Header(":message-type", messageType)];
        var body = Encoding.UTF8.GetBytes(payload);
        var frame = new byte[16 + headers.Length + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        headers.CopyTo(frame, 12);
        body.CopyTo(frame, 12 + headers.Length);
        return frame;
    }

    private static byte[] Header(string name, string value) =>
        [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), 7, (byte)(value.Length >> 8), (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];
}
