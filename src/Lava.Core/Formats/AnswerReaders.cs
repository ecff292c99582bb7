using Lava.Core.Catalogue;
using Lava.Core.Formats.Answers;

namespace Lava.Core.Formats;

/// <summary>Makes the reader for an answer.</summary>
public static class AnswerReaders
{
    /// <summary>The reader for an answer of that endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="contentType">The answer's media type; null where it names none.</param>
    /// <param name="contentEncoding">Its content encoding; null or <c>identity</c> for none.</param>
    /// <param name="withholdUsage">Whether an OpenAI stream's extra usage chunk is kept from the client, which did not ask for it.</param>
    public static AnswerReader Create(ProviderEndpoint endpoint, string? contentType, string? contentEncoding, bool withholdUsage)
    {
#pragma warning disable CA1308 // Content codings are compared in lower case.
        var encoding = contentEncoding?.Trim().ToLowerInvariant();
#pragma warning restore CA1308
        if (encoding is null or "" or "identity") return Plain(endpoint, contentType, withholdUsage);

        // A compressed stream cannot be edited, so nothing is withheld from it.
        return encoding is "gzip" or "x-gzip" or "br" or "deflate"
            ? new CompressedReader(Plain(endpoint, contentType, withholdUsage: false), encoding)
            : new PassThroughReader();
    }

    private static AnswerReader Plain(ProviderEndpoint endpoint, string? contentType, bool withholdUsage)
    {
        if (endpoint.Kind is EndpointKind.Metadata or EndpointKind.CountTokens or EndpointKind.Api) return new PassThroughReader();
        if (Is(contentType, "text/event-stream"))
        {
            return endpoint.Format switch
            {
                WireFormat.OpenAiChat or WireFormat.OpenAiMedia => new SseReader(new ChatEvents(withholdUsage)),
                WireFormat.OpenAiResponses => new SseReader(new ResponsesEvents()),
                WireFormat.Anthropic => new SseReader(new AnthropicEvents()),
                WireFormat.Gemini => new SseReader(new GeminiEvents()),
                _ => new PassThroughReader(),
            };
        }

        if (Is(contentType, "application/vnd.amazon.eventstream")) return endpoint.Format == WireFormat.BedrockConverse ? new EventStreamReader() : new PassThroughReader();
        if (!Is(contentType, "application/json")) return new PassThroughReader();
        return endpoint.Format switch
        {
            WireFormat.OpenAiChat or WireFormat.OpenAiResponses or WireFormat.OpenAiMedia or WireFormat.ElevenLabs =>
                new JsonBodyReader(new OpenAiBody(endpoint.Kind == EndpointKind.Images)),
            WireFormat.Anthropic => new JsonBodyReader(AnthropicBody.Instance),
            WireFormat.Gemini => new JsonBodyReader(GeminiBody.Instance),
            WireFormat.BedrockConverse => new JsonBodyReader(BedrockBody.Instance),
            _ => new PassThroughReader(),
        };
    }

    private static bool Is(string? contentType, string type) => contentType is not null && contentType.AsSpan().TrimStart().StartsWith(type, StringComparison.OrdinalIgnoreCase);
}
