using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Service.Sandbox.Dialects;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox;

/// <summary>A provider inside the process that answers in every format, streaming and not, with exact usage (docs/sandbox.md). It is given the very request
/// that a provider would be sent, and needs neither key nor network.</summary>
/// <remarks>Answers depend on the request alone, but for the time in <c>created</c> members. Nothing is kept between calls and nothing runs beside a reader, so
/// the handler may be shared and called from any thread.</remarks>
internal sealed class SandboxProvider(TimeProvider time) : HttpMessageHandler
{
    /// <summary>The endpoint called. Every request must carry it.</summary>
    public static readonly HttpRequestOptionsKey<ProviderEndpoint> EndpointKey = new("lava.endpoint");

    /// <summary>The model called; absent or empty where there is none, then the body may name it.</summary>
    public static readonly HttpRequestOptionsKey<string> ModelKey = new("lava.model");

    /// <summary>What the model takes; absent where the catalogue does not know it.</summary>
    public static readonly HttpRequestOptionsKey<ModelProfile> ProfileKey = new("lava.profile");

    /// <summary>What the model is for; absent where the catalogue does not know it.</summary>
    public static readonly HttpRequestOptionsKey<EndpointKind> KindKey = new("lava.kind");

    /// <summary>The request header that carries directives.</summary>
    public const string DirectivesHeader = "x-sandbox";

    /// <summary>The header of an answer that tells what of a conversation arrived: <c>calls=2; results=2; media=1; thoughts=0</c>.</summary>
    public const string PromptHeader = "x-sandbox-prompt";

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">The request asks for a refused connection.</exception>
    /// <exception cref="InvalidOperationException">The request carries no <see cref="EndpointKey"/>.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!request.Options.TryGetValue(EndpointKey, out var endpoint)) throw new InvalidOperationException("The sandbox is told the endpoint.");
        request.Options.TryGetValue(ModelKey, out var model);
        request.Options.TryGetValue(ProfileKey, out var profile);
        ReadOnlyMemory<byte> body = request.Content is null ? ReadOnlyMemory<byte>.Empty : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var header = request.Headers.TryGetValues(DirectivesHeader, out var values) ? string.Join(';', values) : null;
        var contentType = request.Content?.Headers.ContentType?.ToString();
        SandboxCall call;
        SandboxReply reply;
        try
        {
            var (now, thinksAloud) = (time.GetUtcNow(), profile?.WantsThoughts ?? false);
            call = new SandboxCall(endpoint, request.Method, request.RequestUri!, model ?? "", body, contentType, header, now, thinksAloud)
            {
                HidesThoughts = profile?.HidesThoughts ?? false,
                ModelKind = request.Options.TryGetValue(KindKey, out var kind) ? kind : null,
            };
            reply = call.Fault is { } fault ? SandboxErrors.Reply(call.Dialect, 400, fault) : Answer(call, profile);
        }
        catch (Exception refusal) when (refusal is JsonException or InvalidOperationException)
        {
            // No JSON, or texts in it that are no Unicode.
            var dialect = SandboxDialects.Of(endpoint.Format, request.RequestUri!);
            return Message(SandboxErrors.Reply(dialect, 400, "The request's body is not valid JSON."), dialect, new SandboxDirectives(), "req_sandbox");
        }

        var id = call.Id("req_", 24);
        if (call.Fault is not null) return Message(reply, call.Dialect, new SandboxDirectives(), id);
        var directives = call.Directives;
        if (directives["delay_ms"] is { } delay) await Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken);
        if (directives.Has("refuse"))
            throw new HttpRequestException(
                HttpRequestError.ConnectionError,
                "The sandbox was asked to refuse the connection.",
                new SocketException((int)SocketError.ConnectionRefused));
        var message = Message(reply, call.Dialect, directives, id);
        var prompt = call.Prompt;
        if (endpoint.Kind == EndpointKind.Chat)
        {
            var seen = $"calls={prompt.Calls}; results={prompt.Results}; media={prompt.Media}; thoughts={prompt.Thoughts}";
            message.Headers.TryAddWithoutValidation(PromptHeader, seen);
        }

        return message;
    }

    private static SandboxReply Answer(SandboxCall call, ModelProfile? profile)
    {
        if (call.Directives["status"] is { } status) return SandboxErrors.Reply(call.Dialect, (int)status, $"The sandbox was asked to answer {status}.");
        if (Refusal(call, profile) is { } refusal) return SandboxErrors.Reply(call.Dialect, refusal);
        return (call.Endpoint.Format, call.Endpoint.Kind) switch
        {
            (_, EndpointKind.Metadata) => MetadataAnswers.Reply(call),
            (WireFormat.Anthropic, EndpointKind.CountTokens) => AnthropicAnswers.Count(call),
            (WireFormat.Gemini, EndpointKind.CountTokens) => GeminiAnswers.Count(call),
            (WireFormat.Gemini, EndpointKind.Embeddings) => GeminiAnswers.Embed(call),
            (WireFormat.ElevenLabs, EndpointKind.Transcription) => TranscriptionAnswers.ElevenLabs(call),
            (_, EndpointKind.Completion) => CompletionAnswers.Reply(call),
            (_, EndpointKind.Moderation) => ModerationAnswers.Reply(call),
            (_, EndpointKind.Rerank) => RerankAnswers.Reply(call),
            (_, EndpointKind.Embeddings) => EmbeddingAnswers.Reply(call),
            (_, EndpointKind.Speech) => AudioAnswers.Speak(call),
            (_, EndpointKind.Transcription) => TranscriptionAnswers.Reply(call),
            (_, EndpointKind.Images) => ImageAnswers.Reply(call),
            (WireFormat.OpenAiChat, _) => ChatAnswers.Reply(call),
            (WireFormat.OpenAiResponses, _) => ResponsesAnswers.Reply(call),
            (WireFormat.Anthropic, _) => AnthropicAnswers.Message(call),
            (WireFormat.Gemini, _) => GeminiAnswers.Generate(call),
            (WireFormat.BedrockConverse, _) => BedrockAnswers.Converse(call),

            // The path alone: a query may hold a key.
            _ => SandboxReply.Json(new JsonObject { ["ok"] = true, ["method"] = call.Method.Method, ["path"] = call.Url.AbsolutePath }),
        };
    }

    /// <summary>What the provider would refuse the request with; null where it would take it, or the request asks for leniency.</summary>
    private static SandboxRefusal? Refusal(SandboxCall call, ModelProfile? profile)
    {
        if (call.Directives.Has("lenient")) return null;
        return call.Endpoint.Kind == EndpointKind.Chat
            ? RequestCheck.Of(call.Endpoint.Format, call.Url.Host, call.Model, profile ?? ModelProfile.OfName(call.Model), call.Json)
            : RequestCheck.Of(call);
    }

    private HttpResponseMessage Message(SandboxReply reply, SandboxDialect dialect, SandboxDirectives directives, string id)
    {
        var content = new SandboxContent(reply, directives, time);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(reply.ContentType);
        if (directives.Has("gzip")) content.Headers.ContentEncoding.Add("gzip");
        if (directives.Has("br")) content.Headers.ContentEncoding.Add("br");
        var message = new HttpResponseMessage((HttpStatusCode)reply.Status) { Content = content };
        message.Headers.TryAddWithoutValidation(DirectivesHeader, "true");
        message.Headers.TryAddWithoutValidation(
            dialect switch { SandboxDialect.Anthropic or SandboxDialect.ElevenLabs =>
                "request-id", SandboxDialect.Bedrock => "x-amzn-requestid", _ => "x-request-id" }, id);
        if (reply.Status == 429) message.Headers.TryAddWithoutValidation("retry-after", "1");
        if (reply.Status >= 400 && dialect == SandboxDialect.Bedrock)
            message.Headers.TryAddWithoutValidation("x-amzn-errortype", SandboxErrors.BedrockType(reply.Status));
        return message;
    }
}
