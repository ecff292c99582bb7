using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Formats;
using Lava.Core.Translation;
using Lava.Core.Translation.Speech;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Relay;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.Routing;

/// <summary>Puts a client's request into the form that an endpoint takes: as it is where both speak one format, translated otherwise.</summary>
internal sealed class ChatTargets(ProviderCatalogue catalogue, ResponseHistory history, IOptions<GatewayOptions> options)
{
    /// <summary>Makes the target of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="chat">What its client asks for.</param>
    /// <param name="url">The endpoint's address.</param>
    /// <param name="model">The model to ask for; null for the client's own.</param>
    /// <param name="entry">Which entry of the chain it is; 0 for the first.</param>
    public (CallTarget? Target, ApiError? Error) Make(IncomingCall call, ChatRequest chat, Uri url, string? model, int entry)
    {
        if (!catalogue.TryResolve("POST", url.Host, url.AbsolutePath, out var match)) return (null, Unknown(url));

        // Bedrock's invoke, Vertex AI's rawPredict: Anthropic's bodies there have another version and no model.
        if (match.Endpoint.Format == WireFormat.Anthropic && match.Endpoint.Path.Contains("{model}", StringComparison.Ordinal))
            return (null, ApiError.EndpointNotSupported($"{url.Host}{url.AbsolutePath} is served by /v1/forward only."));
        if (ModelShape.IsOfVoice(match.Endpoint) && chat.Client == WireFormat.OpenAiMedia) return Speak(call, url, match, model, entry);
        if (match.Endpoint.Format != chat.Client || IsForeign(call, match)) return Translate(call, chat, url, match, model, entry);
        return match.Endpoint is { Kind: EndpointKind.Chat, Format: WireFormat.Gemini or WireFormat.BedrockConverse }
            ? PassByPath(call, chat, url, match, model, entry)
            : PassByBody(call, url, match, model, entry);
    }

    /// <summary>Whether a body is one that the endpoint would not take, though it speaks the client's format: Cursor asks for responses where chats are asked
    /// for and describes tools as there, and only OpenAI has custom tools.</summary>
    private static bool IsForeign(IncomingCall call, in EndpointMatch match)
    {
        if (match.Endpoint is not { Kind: EndpointKind.Chat, Format: WireFormat.OpenAiChat or WireFormat.OpenAiResponses }) return false;
        if ((call.Facts ??= RequestReader.Read(call.Body.Span, call.ContentType, match.Endpoint)) is not { } facts) return false;
        return (facts.HasCustomTools && !match.Provider.CustomTools)
            || (match.Endpoint.Format == WireFormat.OpenAiChat && (facts.IsForResponse || facts.HasFlatTools));
    }

    private static (CallTarget? Target, ApiError? Error) PassByBody(IncomingCall call, Uri url, in EndpointMatch match, string? model, int entry)
    {
        if (model is null) return (new CallTarget(url, match, call.Body) { Facts = call.Facts, Entry = entry }, null);
        if ((call.Facts ??= RequestReader.Read(call.Body.Span, call.ContentType, match.Endpoint)) is not { } facts)
            return (null, ApiError.InvalidJson("The request body is not valid JSON for this endpoint."));
        var body = match.Endpoint.Format == WireFormat.Gemini ? GeminiModelPatch.Apply(call.Body, model)
            : FormPatch.IsForm(call.ContentType) ? FormPatch.Apply(call.Body, call.ContentType!, model)
            : ModelPatch.Apply(call.Body, model);
        return (
            new CallTarget(url, match, body) { Facts = facts with { Model = model, ModelIsInvalid = false }, Entry = entry },
            null);
    }

    /// <summary>Where the model and the stream are in the path: what the client's own address says comes before what the base address had.</summary>
    private (CallTarget? Target, ApiError? Error) PassByPath(IncomingCall call, ChatRequest chat, Uri url, in EndpointMatch match, string? model, int entry)
    {
        if ((model ?? chat.PathModel) is not { } asked) return (new CallTarget(url, match, call.Body) { Entry = entry }, null);
        var path = UpstreamPath.For(match.Endpoint.Format, url.AbsolutePath, asked, chat.PathStreams ?? match.Endpoint.Streams);
        if (!chat.AsEvents && chat.PathStreams == true) path = path.Replace("?alt=sse", "", StringComparison.Ordinal);
        return Resolve(url, path, call.Body, entry);
    }

    private (CallTarget? Target, ApiError? Error) Translate(IncomingCall call, ChatRequest chat, Uri url, EndpointMatch match, string? model, int entry)
    {
        if (match.Endpoint.Kind != EndpointKind.Chat || Translator.For(chat.Client, match.Endpoint.Format) is not { } translator)
            return (
                null,
                ApiError.EndpointNotSupported($"{url.Host}{url.AbsolutePath} does not take conversations, so calls to it cannot be translated. Use "
                    + $"/v1/forward in the provider's own format."));
        if (call.Body.Length > options.Value.MaxTranslatedBytes) return (null, ApiError.TooLarge(options.Value.MaxTranslatedBytes));
        var wanted = new TranslationOptions
        {
            // An address that names a model means it, whatever model the client's SDK had to be given.
            Model = model ?? match.Model,
            PathModel = chat.PathModel,
            PathStreams = chat.PathStreams == true,
            AsEvents = chat.AsEvents,
            HasCustomTools = match.Provider.CustomTools,
            ProfileOf = name => ProfileOf(match.Provider, name),
            AnswerId = call.Ulid,
            KeptId = chat.Client == WireFormat.OpenAiResponses && history.IsOn ? ResponseHistory.NewId(call.Ulid) : null,
            PreviousResponse = call.PreviousResponse,
            CreatedAt = call.CreatedAt,
        };
        if (!translator.TryTranslate(call.Body, wanted, out var request, out var issue)) return (null, ErrorOf(issue.Value));
        var (target, error) = Resolve(url, UpstreamPath.For(match.Endpoint.Format, url.AbsolutePath, request.Model, request.Stream), request.Body, entry);
        return (target is null ? null : target with { Translation = new ConversationTranslation(chat.Client, translator, request) }, error);
    }

    /// <summary>OpenAI's request for speech in ElevenLabs' form: the voice goes into the address.</summary>
    private (CallTarget? Target, ApiError? Error) Speak(IncomingCall call, Uri url, in EndpointMatch match, string? model, int entry)
    {
        if (call.Body.Length > options.Value.MaxTranslatedBytes) return (null, ApiError.TooLarge(options.Value.MaxTranslatedBytes));
        if (!SpeechTranslator.TryTranslate(call.Body, model ?? call.Facts?.Model, out var request, out var issue)) return (null, ErrorOf(issue.Value));
        var path = match.Endpoint.Path.Replace("{id}", request.Voice, StringComparison.Ordinal);
        var (target, error) = Resolve(url, $"{path}?output_format={request.OutputFormat}", request.Body, entry);
        return (target is null ? null : target with { Translation = new SpeechTranslation(request) }, error);
    }

    /// <summary>What a provider's model takes. Only OpenAI itself, which has custom tools, refuses tools beside reasoning in chats. Other hosts of its
    /// models see to that themselves.</summary>
    private ModelProfile ProfileOf(CatalogueProvider provider, string name)
    {
        var profile = catalogue.FindModel(provider, name) is { } known ? ModelProfile.Of(known, name) : ModelProfile.OfName(name);
        return provider.CustomTools ? profile : profile with { ReasonsWithToolsInResponsesOnly = false };
    }

    private (CallTarget? Target, ApiError? Error) Resolve(Uri url, string path, ReadOnlyMemory<byte> body, int entry)
    {
        var address = new Uri(url.GetLeftPart(UriPartial.Authority) + path);
        return catalogue.TryResolve("POST", address.Host, address.AbsolutePath, out var match)
            ? (new CallTarget(address, match, body) { Entry = entry }, null)
            : (null, Unknown(address));
    }

    private static ApiError ErrorOf(TranslationIssue issue)
    {
        var at = issue.Field.Length == 0 ? [] : issue.Field.Split('.');
        if (issue.Fault == TranslationFault.Unsupported) return ApiError.RewriteUnsupported(at, issue.Message);
        return at.Length == 0 ? ApiError.InvalidJson(issue.Message) : ApiError.Validation(new Issue(at, issue.Message));
    }

    private static ApiError Unknown(Uri url) => ApiError.EndpointNotSupported($"POST {url.Host}{url.AbsolutePath} is not in the catalogue.");
}
