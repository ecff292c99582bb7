using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Lava.Core.Translation.Bedrock;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Frames of Bedrock's streams.</summary>
internal static class BedrockFrames
{
    public static byte[] Event(string type, JsonObject payload) => Frame(":event-type"u8, type, "event"u8, payload);

    public static byte[] Exception(string type, JsonObject payload) => Frame(":exception-type"u8, type, "exception"u8, payload);

    private static byte[] Frame(ReadOnlySpan<byte> typeHeader, string type, ReadOnlySpan<byte> messageType, JsonObject payload)
    {
        var frame = new ArrayBufferWriter<byte>();
        EventStreamFrame.Write(frame, typeHeader, Encoding.ASCII.GetBytes(type), messageType, SandboxJson.Bytes(payload));
        return frame.WrittenSpan.ToArray();
    }
}
