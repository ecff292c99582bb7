using System.Buffers.Binary;
using System.Text.Json;
using System.Text;
using Lava.Contracts.Tests;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox;

namespace Lava.Service.Tests.Sandbox;

/// <summary>Calls the sandbox as the gateway does, and takes answers apart by means of its own.</summary>
internal sealed class SandboxClient : IDisposable
{
    public static readonly ProviderEndpoint Chat = Endpoint("/v1/chat/completions", EndpointKind.Chat, WireFormat.OpenAiChat);
    public static readonly ProviderEndpoint Responses = Endpoint("/v1/responses", EndpointKind.Chat, WireFormat.OpenAiResponses);
    public static readonly ProviderEndpoint Messages = Endpoint("/v1/messages", EndpointKind.Chat, WireFormat.Anthropic);
    public static readonly ProviderEndpoint Generate = Endpoint("/v1beta/models/{model}:generateContent", EndpointKind.Chat, WireFormat.Gemini);
    public static readonly ProviderEndpoint StreamGenerate = Endpoint("/v1beta/models/{model}:streamGenerateContent", EndpointKind.Chat, WireFormat.Gemini, streams: true);
    public static readonly ProviderEndpoint Converse = Endpoint("/model/{model}/converse", EndpointKind.Chat, WireFormat.BedrockConverse);
    public static readonly ProviderEndpoint ConverseStream = Endpoint("/model/{model}/converse-stream", EndpointKind.Chat, WireFormat.BedrockConverse, streams: true);

    private readonly SandboxProvider _provider;
    private readonly HttpMessageInvoker _invoker;

    public SandboxClient()
    {
        _provider = new SandboxProvider(Time);
        _invoker = new HttpMessageInvoker(_provider);
    }

    public ManualTime Time { get; } = new();

    public static ProviderEndpoint Endpoint(string path, EndpointKind kind, WireFormat format, bool streams = false, string method = "POST") =>
        new() { Method = method, Path = path, Kind = kind, Format = format, Streams = streams };

    /// <summary>Where each endpoint's provider lives.</summary>
    public static string Url(ProviderEndpoint endpoint) => endpoint.Format switch
    {
        WireFormat.Anthropic => "https://api.anthropic.com" + endpoint.Path,
        WireFormat.Gemini => "https://generativelanguage.googleapis.com" + endpoint.Path.Replace("{model}", "gemini-2.5-flash", StringComparison.Ordinal) + (endpoint.Streams ? "?alt=sse" : ""),
        WireFormat.BedrockConverse => "https://bedrock-runtime.us-east-1.amazonaws.com" + endpoint.Path.Replace("{model}", "amazon.nova-lite-v1:0", StringComparison.Ordinal),
        WireFormat.ElevenLabs => "https://api.elevenlabs.io" + endpoint.Path.Replace("{id}", "voice", StringComparison.Ordinal),
        _ => "https://api.openai.com" + endpoint.Path,
    };

    /// <summary>A request's body with one message of a user.</summary>
    public static string Body(ProviderEndpoint endpoint, string text, string more = "")
    {
        var quoted = "\"" + JsonEncodedText.Encode(text) + "\"";
        var isStream = endpoint.Streams || more.Contains("\"stream\":true", StringComparison.Ordinal);
        if (isStream && endpoint.Format == WireFormat.OpenAiChat) more += ",\"stream_options\":{\"include_usage\":true}";
        return endpoint.Format switch
        {
            WireFormat.OpenAiResponses => "{\"model\":\"gpt-4o-mini\",\"input\":" + quoted + more + "}",
            WireFormat.Gemini => "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":" + quoted + "}]}]" + more + "}",
            WireFormat.BedrockConverse => "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":" + quoted + "}]}]" + more + "}",
            WireFormat.Anthropic => "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":1024,\"messages\":[{\"role\":\"user\",\"content\":" + quoted + "}]" + more + "}",
            _ => "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":" + quoted + "}]" + more + "}",
        };
    }

    public Task<HttpResponseMessage> SendAsync(
        ProviderEndpoint endpoint, string? body, string? directives = null, string? url = null, string model = "", HttpContent? content = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), url ?? Url(endpoint));
        request.Content = content ?? (body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
        request.Options.Set(SandboxProvider.EndpointKey, endpoint);
        request.Options.Set(SandboxProvider.ModelKey, model);
        if (directives is not null) request.Headers.TryAddWithoutValidation("x-sandbox", directives);
        return _invoker.SendAsync(request, cancellationToken);
    }

    public async Task<byte[]> BytesAsync(ProviderEndpoint endpoint, string? body, string? directives = null, string? url = null)
    {
        using var answer = await SendAsync(endpoint, body, directives, url);
        ((int)answer.StatusCode).ShouldBe(200);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task<JsonElement> JsonAsync(ProviderEndpoint endpoint, string? body, string? directives = null, string? url = null) =>
        JsonElement.Parse(await BytesAsync(endpoint, body, directives, url));

    public async Task<List<(string? Name, string Data)>> EventsAsync(ProviderEndpoint endpoint, string body, string? directives = null, string? url = null) =>
        Events(await BytesAsync(endpoint, body, directives, url));

    /// <summary>Server-sent events, split by lines.</summary>
    public static List<(string? Name, string Data)> Events(byte[] bytes)
    {
        var events = new List<(string?, string)>();
        string? name = null, data = null;
        foreach (var line in new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Length == 0)
            {
                if (data is not null) events.Add((name, data));
                name = data = null;
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else data = line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : throw new FormatException(line);
        }

        data.ShouldBeNull("an event is not closed");
        return events;
    }

    /// <summary>Event-stream frames, lengths and checksums checked.</summary>
    public static List<(Dictionary<string, string> Headers, JsonElement Payload)> Frames(byte[] bytes)
    {
        var frames = new List<(Dictionary<string, string>, JsonElement)>();
        var rest = bytes.AsSpan();
        while (rest.Length > 0)
        {
            var total = BinaryPrimitives.ReadInt32BigEndian(rest);
            var headerLength = BinaryPrimitives.ReadInt32BigEndian(rest[4..]);
            BinaryPrimitives.ReadUInt32BigEndian(rest[8..]).ShouldBe(Crc(rest[..8]));
            BinaryPrimitives.ReadUInt32BigEndian(rest[(total - 4)..]).ShouldBe(Crc(rest[..(total - 4)]));
            var headers = new Dictionary<string, string>();
            var at = rest.Slice(12, headerLength);
            while (at.Length > 0)
            {
                var name = Encoding.ASCII.GetString(at.Slice(1, at[0]));
                at = at[(1 + at[0])..];
                at[0].ShouldBe((byte)7);
                var length = BinaryPrimitives.ReadUInt16BigEndian(at[1..]);
                headers[name] = Encoding.UTF8.GetString(at.Slice(3, length));
                at = at[(3 + length)..];
            }

            frames.Add((headers, JsonElement.Parse(rest[(12 + headerLength)..(total - 4)])));
            rest = rest[total..];
        }

        return frames;
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _provider.Dispose();
    }

    /// <summary>CRC-32 a bit at a time.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }
}
