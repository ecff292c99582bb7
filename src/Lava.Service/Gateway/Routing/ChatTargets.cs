using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Core.Translation;
using Lava.Service.Errors;

namespace Lava.Service.Gateway.Routing;

/// <summary>Puts a client's request into the form that an endpoint takes: as it is where both speak one format, translated otherwise.</summary>
internal sealed class ChatTargets(ProviderCatalogue catalogue)
{
    /// <summary>Makes the target of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wish">What its client asks for.</param>
    /// <param name="url">The endpoint's address.</param>
    /// <param name="model">The model to ask for; null for the client's own.</param>
    /// <param name="isFallback">Whether another provider has failed before.</param>
    public (CallTarget? Target, ApiError? Error) Make(IncomingCall call, ChatWish wish, Uri url, string? model, bool isFallback)
    {
        if (!catalogue.TryResolve("POST", url.Host, url.AbsolutePath, out var match))
            return (null, ApiError.EndpointNotSupported($"POST {url.Host}{url.AbsolutePath} is not in the catalogue."));
        return match.Endpoint.Format == wish.Client ? Pass(call, wish, url, match, model, isFallback) : Translate(call, wish, url, match, model, isFallback);
    }

    private (CallTarget? Target, ApiError? Error) Pass(IncomingCall call, ChatWish wish, Uri url, EndpointMatch match, string? model, bool isFallback)
    {
        var format = match.Endpoint.Format;
        if (match.Endpoint.Kind == EndpointKind.Chat && format is WireFormat.Gemini or WireFormat.BedrockConverse)
        {
            // The model and the stream are in the path: what the client's own address says comes before what the base address had.
            var asked = model ?? wish.PathModel ?? match.Model!;
            var streams = wish.PathStreams ?? match.Endpoint.Streams;
            var path = UpstreamPath.For(format, url.AbsolutePath, asked, streams);
            if (format == WireFormat.Gemini && wish is { PathStreams: true, AsEvents: false }) path = path.Replace("?alt=sse", "", StringComparison.Ordinal);
            var query = wish.PathModel is null && model is null ? url.Query : "";
            var address = wish.PathModel is null && model is null ? url : new Uri(new Uri(url.GetLeftPart(UriPartial.Authority)), path + query);
            return Resolved(address, call.Body, null, isFallback);
        }

        if (model is null) return (new CallTarget(url, match, call.Body, IsRouted: true, IsFallback: isFallback), null);
        if (RequestReader.Read(call.Body.Span, call.ContentType, match.Endpoint) is null) return (null, ApiError.InvalidJson("The request body is not JSON that this endpoint takes."));
        return (new CallTarget(url, match, ModelPatch.Apply(call.Body, model), IsRouted: true, IsFallback: isFallback), null);
    }

    private (CallTarget? Target, ApiError? Error) Translate(IncomingCall call, ChatWish wish, Uri url, EndpointMatch match, string? model, bool isFallback)
    {
        if (match.Endpoint.Kind != EndpointKind.Chat || Translator.For(wish.Client, match.Endpoint.Format) is not { } translator)
            return (null, ApiError.EndpointNotSupported($"{url.Host}{url.AbsolutePath} does not take conversations that could be translated; use /v1/forward in the provider's own format."));
        var options = new TranslationOptions
        {
            // An address that names a model means it, whatever model the client's SDK had to be given.
            Model = model ?? match.Model,
            PathModel = wish.PathModel,
            PathStreams = wish.PathStreams == true,
            AsEvents = wish.AsEvents,
            AnswerId = call.Ulid,
            CreatedAt = call.CreatedAt,
        };
        if (!translator.TryTranslate(call.Body, options, out var request, out var issue)
            || (MostTokens(match, request) is { } most && !translator.TryTranslate(call.Body, options with { MaxOutputTokens = most }, out request, out issue)))
        {
            var at = issue.Value.Field.Length == 0 ? [] : issue.Value.Field.Split('.');
            return (null, issue.Value.Fault == TranslationFault.Unsupported ? ApiError.RewriteUnsupported(at, issue.Value.Message)
                : at.Length == 0 ? ApiError.InvalidJson(issue.Value.Message) : ApiError.Validation(new Issue(at, issue.Value.Message)));
        }

        var address = new Uri(new Uri(url.GetLeftPart(UriPartial.Authority)), UpstreamPath.For(match.Endpoint.Format, url.AbsolutePath, request.Model, request.Stream));
        return Resolved(address, request.Body, new AnswerTranslation(wish.Client, translator, request), isFallback);
    }

    /// <summary>The most that the model can answer, where the client asks for more: agents ask for what their usual model can, and others would refuse that.</summary>
    private long? MostTokens(in EndpointMatch match, TranslatedRequest request) =>
        catalogue.FindModel(match.Provider, request.Model)?.MaxOutputTokens is { } most
        && RequestReader.Read(request.Body.Span, "application/json", match.Endpoint)?.MaxOutputTokens > most ? most : null;

    private (CallTarget? Target, ApiError? Error) Resolved(Uri url, ReadOnlyMemory<byte> body, AnswerTranslation? translation, bool isFallback) =>
        catalogue.TryResolve("POST", url.Host, url.AbsolutePath, out var match)
            ? (new CallTarget(url, match, body, translation, IsRouted: true, IsFallback: isFallback), null)
            : (null, ApiError.EndpointNotSupported($"POST {url.Host}{url.AbsolutePath} is not in the catalogue."));
}
