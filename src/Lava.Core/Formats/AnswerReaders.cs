using Lava.Core.Catalogue;
using Lava.Core.Formats.Answers;
using Lava.Core.Formats.UsageReaders;

namespace Lava.Core.Formats;

/// <summary>Makes the reader for an answer (behaviour.md §2.5, §2.6).</summary>
public static class AnswerReaders
{
    /// <summary>The reader for an answer that is not to be read: an error.</summary>
    public static AnswerReader Unread() => new PassThroughAnswerReader();

    /// <summary>The reader for an answer of that endpoint. What tells no usage (audio, text) passes unread. An answer that must have usage and is of a type
    /// that does not (or of none) is told by its first bytes.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="contentType">The answer's media type; null where it names none.</param>
    /// <param name="contentEncoding">Its content encoding; null or <c>identity</c> for none. One that is not known passes unread.</param>
    /// <param name="withholdUsage">Whether an OpenAI stream's extra usage chunk is kept from the client, which did not ask for it
    /// (<see cref="UsageRequestPatch"/>). Usage on a chunk that has choices stays, and nothing is kept from an encoded answer, whose bytes cannot be
    /// cut.</param>
    public static AnswerReader Create(ProviderEndpoint endpoint, string? contentType, string? contentEncoding, bool withholdUsage)
    {
        var encoding = contentEncoding?.Trim();
        if (string.IsNullOrEmpty(encoding) || Is(encoding, "identity")) return Plain(endpoint, contentType, withholdUsage);
        return AnswerDecoder.Create(encoding) is { } decoder
            ? new EncodedAnswerReader(decoder, Plain(endpoint, contentType, withholdUsage: false))
            : new PassThroughAnswerReader();
    }

    private static AnswerReader Plain(ProviderEndpoint endpoint, string? contentType, bool withholdUsage)
    {
        var type = MediaType(contentType);
        if (MeterFor(endpoint) is not { } meter) return new PassThroughAnswerReader();
        if (Is(type, "text/event-stream")) return new SseAnswerReader(meter, withholdUsage && endpoint.Format == WireFormat.OpenAiChat);
        if (Is(type, "application/json") || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)) return new JsonAnswerReader(meter);
        if (Is(type, "application/vnd.amazon.eventstream"))
            return meter is BedrockUsageReader converse ? new EventStreamAnswerReader(converse) : new ChunkAnswerReader(meter);

        // A recording or a transcript may begin with anything; what else is priced is always answered in JSON or events, whatever its head says.
        return endpoint.Kind is EndpointKind.Speech or EndpointKind.Transcription
            ? new PassThroughAnswerReader()
            : new GuessingAnswerReader(meter, withholdUsage && endpoint.Format == WireFormat.OpenAiChat);
    }

    private static UsageReader? MeterFor(ProviderEndpoint endpoint) => endpoint.Kind switch
    {
        EndpointKind.CountTokens or EndpointKind.Metadata or EndpointKind.Api => null,
        EndpointKind.Files or EndpointKind.Batches or EndpointKind.BatchResults => null,
        _ => endpoint.Format switch
        {
            WireFormat.OpenAiChat => new OpenAiChatUsageReader(),
            WireFormat.OpenAiResponses => new OpenAiResponsesUsageReader(),
            WireFormat.OpenAiMedia => new OpenAiMediaUsageReader(endpoint.Kind),
            WireFormat.Anthropic => new AnthropicUsageReader(),
            WireFormat.Gemini => new GeminiUsageReader(),
            WireFormat.BedrockConverse => new BedrockUsageReader(),
            WireFormat.Rerank => new RerankUsageReader(),
            WireFormat.ElevenLabs when endpoint.Kind == EndpointKind.Transcription => new ElevenLabsUsageReader(),
            _ => null,
        },
    };

    private static ReadOnlySpan<char> MediaType(string? contentType)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim();
    }

    private static bool Is(ReadOnlySpan<char> type, string expected) => type.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
