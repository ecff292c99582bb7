using Lava.Core.Catalogue;

namespace Lava.Service.Gateway.Routing;

/// <summary>What an endpoint without an address is for, and how its requests look. One for each endpoint, and compared as such.</summary>
/// <param name="client">The format that its clients speak.</param>
/// <param name="kind">What it is for.</param>
/// <param name="tail">How the path of a provider's endpoint for it ends; null where kind and format say enough.</param>
internal sealed class ModelShape(WireFormat client, EndpointKind kind, string? tail = null)
{
    /// <summary>The format that its clients speak.</summary>
    public WireFormat Client => client;

    /// <summary>What it is for.</summary>
    public EndpointKind Kind => kind;

    /// <summary>Whether its requests are uploads, so that JSON cannot be what the client means.</summary>
    public bool IsUpload => kind == EndpointKind.Transcription;

    /// <summary>As what a request is read, to find the model that it names.</summary>
    public ProviderEndpoint Endpoint { get; } = new() { Method = "POST", Path = tail ?? "/", Kind = kind, Format = client };

    /// <summary>Whether a model is called at such an endpoint. A provider counts the tokens of its conversations, and many continue texts with the same
    /// models.</summary>
    public bool Takes(EndpointKind model) => model == kind || (model == EndpointKind.Chat && kind is EndpointKind.CountTokens or EndpointKind.Completion);

    /// <summary>Whether an endpoint's address names no more than the model (no project), or what the client's body names (ElevenLabs' voice).</summary>
    public static bool IsFoundByModel(ProviderEndpoint endpoint) => !endpoint.Path.Contains("{id}", StringComparison.Ordinal) || IsOfVoice(endpoint);

    /// <summary>Whether an endpoint is ElevenLabs' text to speech, whose address names the voice.</summary>
    public static bool IsOfVoice(ProviderEndpoint endpoint) => endpoint is { Kind: EndpointKind.Speech, Format: WireFormat.ElevenLabs, Streams: false }
        && endpoint.Path.EndsWith("/{id}", StringComparison.Ordinal);

    /// <summary>Whether a provider's endpoint is for the same, in whatever format. One whose address names more than the model (a project) cannot be found
    /// by the model.</summary>
    public bool Fits(ProviderEndpoint endpoint) => endpoint.Kind == kind
        && endpoint is { Streams: false, Method: "POST" }
        && IsFoundByModel(endpoint)
        && (tail is null || endpoint.Path.EndsWith(tail, StringComparison.Ordinal));
}
