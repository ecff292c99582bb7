using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Formats.Requests;

namespace Lava.Core.Formats;

/// <summary>Reads what the gateway must know of a request before it may be sent.</summary>
public static class RequestReader
{
    /// <summary>Deepest nesting of a request body.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a body; null when it should be JSON and is not (or nests too deep).</summary>
    /// <param name="body">The body as it came.</param>
    /// <param name="contentType">Its media type; null where the client names none, as clients do that send strings.</param>
    /// <param name="endpoint">The endpoint that it is for.</param>
    public static RequestFacts? Read(ReadOnlySpan<byte> body, string? contentType, ProviderEndpoint endpoint)
    {
        if (endpoint.Kind is EndpointKind.Metadata or EndpointKind.Api) return new RequestFacts { PromptBytes = body.Length };
        if (contentType is not null && contentType.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return MultipartRequest.Read(body, contentType);
        try
        {
            return new JsonRequest(body, endpoint).Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
