using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>An answer of the sandbox: pieces that are sent one after another.</summary>
internal sealed record SandboxReply(int Status, string ContentType, IReadOnlyList<byte[]> Pieces)
{
    /// <summary>A mid-stream error in the provider's shape, sent where a directive asks for it; null where the format has none.</summary>
    public byte[]? StreamError { get; init; }

    public static SandboxReply Json(JsonNode body, int status = 200) => new(status, "application/json", [Bytes(body)]);

    public static SandboxReply Events(IEnumerable<byte[]> events, byte[]? error = null) => new(200, "text/event-stream; charset=utf-8", [.. events]) { StreamError = error };

    /// <summary>A server-sent event.</summary>
    public static byte[] Event(JsonNode data, string? name = null) => Event(data.ToJsonString(), name);

    /// <summary>A server-sent event.</summary>
    public static byte[] Event(string data, string? name = null) => Encoding.UTF8.GetBytes(name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n");

    public static byte[] Bytes(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString());
}
