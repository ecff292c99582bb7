using Lava.Core.Catalogue;
using Lava.Core.Formats.Requests;

namespace Lava.Core.Formats;

/// <summary>Reads what the gateway must know of a request before it may be sent, in one pass and without keeping any of it.</summary>
public static class RequestReader
{
    /// <summary>Deepest nesting of a request body.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a body; null when it should be a JSON object (or the form that it says it is) and is not, or nests deeper than <see cref="MaxDepth"/>.
    /// What else is wrong with it stands in the facts.</summary>
    /// <param name="body">The body as it came.</param>
    /// <param name="contentType">Its media type with its parameters; null where the client names none, as clients do that send strings. Forms are read as such,
    /// all else as JSON.</param>
    /// <param name="endpoint">The endpoint that it is for; reads, flat-priced calls and formats that Lava does not know need no body that it
    /// understands.</param>
    public static RequestFacts? Read(ReadOnlySpan<byte> body, string? contentType, ProviderEndpoint endpoint)
    {
        if (endpoint.Format == WireFormat.Opaque || endpoint.Kind is EndpointKind.Metadata or EndpointKind.Api || endpoint.Kind.IsOfAccount())
            return new RequestFacts { PromptBytes = body.Length };
        if (FormPatch.IsForm(contentType)) return FormRequest.Read(body, contentType!, endpoint);
        var request = new JsonRequest(endpoint);
        return request.TryRead(body) ? request.Facts(body.Length) : null;
    }
}
