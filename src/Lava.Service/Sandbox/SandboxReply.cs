using System.Text;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>An answer of the sandbox: chunks that are made one after another as somebody reads them.</summary>
internal sealed record SandboxReply(int Status, string ContentType, IEnumerable<byte[]> Chunks)
{
    public const string EventStream = "text/event-stream; charset=utf-8";

    /// <summary>A mid-stream error in the provider's shape, sent where a directive asks for it; null where the answer is no stream.</summary>
    public byte[]? StreamError { get; init; }

    /// <summary>The length of a body that is known beforehand; null for a stream.</summary>
    public long? Length { get; init; }

    public bool IsEvents => ContentType == EventStream;

    public static SandboxReply Json(JsonNode body, int status = 200) => Whole("application/json", SandboxJson.Bytes(body), status);

    public static SandboxReply Whole(string contentType, byte[] body, int status = 200) => new(status, contentType, [body]) { Length = body.Length };

    public static SandboxReply Events(IEnumerable<byte[]> events, byte[] error) => new(200, EventStream, events) { StreamError = error };

    /// <summary>A server-sent event.</summary>
    public static byte[] Event(JsonNode data, string? name = null) => Event(SandboxJson.Text(data), name);

    /// <summary>A server-sent event.</summary>
    public static byte[] Event(string data, string? name = null) => Encoding.UTF8.GetBytes(EventText(data, name));

    /// <summary>A server-sent event as text, to make a template of.</summary>
    public static string EventText(string data, string? name = null) => name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n";
}
