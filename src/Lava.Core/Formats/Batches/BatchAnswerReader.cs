using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Core.Formats.Batches;

/// <summary>Reads the results of a batch, one JSON object on each line. OpenAI's lines have <c>response.status_code</c> and <c>response.body</c>
/// (platform.openai.com/docs/api-reference/batch/request-output), Anthropic's <c>result.type</c> and <c>result.message</c>
/// (platform.claude.com/docs/en/api/retrieving-message-batch-results). One instance reads one batch.</summary>
/// <param name="provider">Whose batch it is.</param>
/// <param name="format">The format of the endpoint that the results come from.</param>
public sealed class BatchAnswerReader(CatalogueProvider provider, WireFormat format)
{
    private const int MaxKey = 512;

    private readonly ArrayBufferWriter<byte> _passed = new();
    private int _line;

    /// <summary>Reads the next line; null where it holds no answer: a request that failed, was cancelled or has expired, and whatever is no result.</summary>
    public BatchAnswer? Read(ReadOnlySpan<byte> line)
    {
        _line++;
        ReadOnlySpan<byte> body;
        string? id;
        try
        {
            if (!TryFindBody(line, out body, out id)) return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }

        var endpoint = EndpointOf(body);
        var summary = endpoint is null ? default : SummaryOf(endpoint, body);
        var key = id is null && summary.ResponseId is null ? _line.ToString(CultureInfo.InvariantCulture) : id + "|" + summary.ResponseId;
        return new BatchAnswer(key.Length > MaxKey ? key[..MaxKey] : key, endpoint, summary);
    }

    private bool TryFindBody(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> body, out string? id)
    {
        body = default;
        id = null;
        if (!line.TrimStart(" \t\r\uFEFF"u8).StartsWith("{"u8)) return false;
        var (outer, inner, state) = format == WireFormat.Anthropic ? ("result", "message", "type") : ("response", "body", "status_code");
        var json = new Utf8JsonReader(line.TrimStart("\uFEFF"u8), new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        var text = line.TrimStart("\uFEFF"u8);
        var isGood = false;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isId = json.ValueTextEquals("custom_id"u8);
            var isOuter = json.ValueTextEquals(outer);
            json.Read();
            if (isId && json.TokenType == JsonTokenType.String) id = json.GetString();
            if (!isOuter || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isState = json.ValueTextEquals(state);
                var isInner = json.ValueTextEquals(inner);
                json.Read();
                if (isState) isGood = IsGood(ref json);
                var start = (int)json.TokenStartIndex;
                var isObject = json.TokenType == JsonTokenType.StartObject;
                json.Skip();
                if (isInner && isObject) body = text[start..(int)json.BytesConsumed];
            }
        }

        return isGood && !body.IsEmpty;
    }

    private static bool IsGood(ref Utf8JsonReader state) => state.TokenType == JsonTokenType.Number
        ? state.TryGetInt32(out var status) && status is >= 200 and < 300
        : state.TokenType == JsonTokenType.String && state.ValueTextEquals("succeeded"u8);

    /// <summary>Which endpoint answers so. OpenAI's answers name their kind, but for moderations and images.</summary>
    private ProviderEndpoint? EndpointOf(ReadOnlySpan<byte> body)
    {
        if (format == WireFormat.Anthropic) return Find(EndpointKind.Chat, WireFormat.Anthropic);
        string? kind = null, id = null;
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = json.ValueTextEquals("object"u8);
            var isId = json.ValueTextEquals("id"u8);
            json.Read();
            if (isKind && json.TokenType == JsonTokenType.String) kind = json.GetString();
            if (isId && json.TokenType == JsonTokenType.String) id = json.GetString();
            json.Skip();
        }

        return kind switch
        {
            "chat.completion" => Find(EndpointKind.Chat, WireFormat.OpenAiChat),
            "response" => Find(EndpointKind.Chat, WireFormat.OpenAiResponses),
            "text_completion" => Find(EndpointKind.Completion, WireFormat.OpenAiChat),
            "list" => Find(EndpointKind.Embeddings, WireFormat.OpenAiMedia),
            null when id?.StartsWith("modr-", StringComparison.Ordinal) == true => Find(EndpointKind.Moderation, WireFormat.OpenAiMedia),
            null => Find(EndpointKind.Images, WireFormat.OpenAiMedia),
            _ => null,
        };
    }

    private ProviderEndpoint? Find(EndpointKind kind, WireFormat of) =>
        provider.Endpoints.FirstOrDefault(endpoint => endpoint.Kind == kind && endpoint.Format == of);

    private AnswerSummary SummaryOf(ProviderEndpoint endpoint, ReadOnlySpan<byte> body)
    {
        using var reader = AnswerReaders.Create(endpoint, "application/json", null, withholdUsage: false);
        reader.Read(body, _passed);
        reader.Finish();
        _passed.ResetWrittenCount();
        return reader.Summary;
    }
}
