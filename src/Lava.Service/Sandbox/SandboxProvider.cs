using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox;

/// <summary>A provider inside the process that answers in every format, streaming and not, with exact usage (docs/sandbox.md). It is given the very request that a
/// provider would be sent, and needs neither key nor network.</summary>
public sealed class SandboxProvider(TimeProvider time) : HttpMessageHandler
{
    /// <summary>The endpoint called.</summary>
    public static readonly HttpRequestOptionsKey<ProviderEndpoint> EndpointKey = new("lava.endpoint");

    /// <summary>The model called; empty where there is none.</summary>
    public static readonly HttpRequestOptionsKey<string> ModelKey = new("lava.model");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(EndpointKey, out var endpoint);
        request.Options.TryGetValue(ModelKey, out var model);
        ReadOnlyMemory<byte> body = request.Content is null ? ReadOnlyMemory<byte>.Empty : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var header = request.Headers.TryGetValues("x-sandbox", out var values) ? string.Join(';', values) : null;
        var contentType = request.Content?.Headers.ContentType?.ToString();
        var call = new SandboxCall(endpoint ?? throw new InvalidOperationException("The sandbox is told the endpoint."), model ?? "", request.RequestUri!.PathAndQuery, body, contentType, header);
        var directives = call.Directives;

        if (directives["delay_ms"] is { } delay) await Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken);
        if (directives.Has("refuse")) throw new HttpRequestException(HttpRequestError.ConnectionError, "The sandbox was asked to refuse the connection.");
        var reply = directives.Fault is { } fault ? Error(call, 400, fault)
            : directives["status"] is { } status and >= 400 ? Error(call, (int)status, $"The sandbox was asked to answer {status}.")
            : Answer(call, body);
        if (directives.Has("crlf")) reply = reply with { Pieces = [.. reply.Pieces.Select(WithCrLf)] };
        return Message(reply, directives);
    }

    private SandboxReply Answer(SandboxCall call, ReadOnlyMemory<byte> body)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var endpoint = call.Endpoint;
        return (endpoint.Format, endpoint.Kind) switch
        {
            (WireFormat.OpenAiChat, _) => OpenAiAnswers.Chat(call, now),
            (WireFormat.OpenAiResponses, _) => OpenAiAnswers.Response(call, now),
            (WireFormat.Anthropic, EndpointKind.CountTokens) => AnthropicAnswers.Count(call),
            (WireFormat.Anthropic, _) => AnthropicAnswers.Message(call),
            (WireFormat.Gemini, EndpointKind.CountTokens) => GeminiAnswers.Count(call),
            (WireFormat.Gemini, EndpointKind.Embeddings) => GeminiAnswers.Embed(call),
            (WireFormat.Gemini, _) => GeminiAnswers.Generate(call),
            (WireFormat.BedrockConverse, _) => BedrockAnswers.Converse(call),
            (WireFormat.ElevenLabs, EndpointKind.Transcription) => MediaAnswers.SpeechToText(call),
            (_, EndpointKind.Embeddings) => MediaAnswers.Embeddings(call),
            (_, EndpointKind.Speech) => MediaAnswers.Speech(),
            (_, EndpointKind.Transcription) => MediaAnswers.Transcription(call, Encoding.Latin1.GetString(body.Span)),
            (_, EndpointKind.Images) => MediaAnswers.Images(call, now),
            (_, EndpointKind.Metadata) => SandboxReply.Json(new JsonObject { ["object"] = "list", ["data"] = new JsonArray(new JsonObject { ["id"] = "sandbox", ["object"] = "model", ["created"] = 0, ["owned_by"] = "sandbox" }) }),
            _ => SandboxReply.Json(new JsonObject { ["ok"] = true, ["url"] = call.Url }),
        };
    }

    private static SandboxReply Error(SandboxCall call, int status, string message) => SandboxReply.Json(
        call.Endpoint.Format switch
        {
            WireFormat.Anthropic => AnthropicAnswers.ErrorBody(status, message),
            WireFormat.Gemini => GeminiAnswers.ErrorBody(status, message),
            WireFormat.BedrockConverse => BedrockAnswers.ErrorBody(message),
            _ => OpenAiAnswers.ErrorBody(status, message),
        },
        status);

    private HttpResponseMessage Message(SandboxReply reply, SandboxDirectives directives)
    {
        HttpContent content;
        if (directives.Has("gzip"))
        {
            content = new ByteArrayContent(Gzip(reply.Pieces));
            content.Headers.ContentEncoding.Add("gzip");
        }
        else content = new SandboxContent(reply, directives, time);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(reply.ContentType);
        var message = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = content };
        message.Headers.TryAddWithoutValidation("x-sandbox", "true");
        if (reply.Status == 429) message.Headers.TryAddWithoutValidation("retry-after", "1");
        return message;
    }

    private static byte[] Gzip(IReadOnlyList<byte[]> pieces)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            foreach (var piece in pieces) gzip.Write(piece);
        }

        return packed.ToArray();
    }

    private static byte[] WithCrLf(byte[] piece) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(piece).Replace("\n", "\r\n", StringComparison.Ordinal));
}
