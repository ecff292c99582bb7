namespace Lava.Service.Reporting.Requests;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record CreateRequestBody(
    string RequestId,
    string CustomerId,
    string MeterSlug,
    IReadOnlyDictionary<string, string>? Metadata = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    long? InputCharacters = null,
    long? OutputCharacters = null,
    decimal? InputSeconds = null,
    decimal? OutputSeconds = null,
    DateTimeOffset? Timestamp = null);

internal sealed record RequestBatchBody(IReadOnlyList<CreateRequestBody> Requests);

// The batch itself: each of its reports is checked on its own.
internal sealed record BatchMembers(System.Text.Json.JsonElement Requests);

internal sealed record EventDataBody(
    IReadOnlyDictionary<string, string>? Metadata = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    long? InputCharacters = null,
    long? OutputCharacters = null,
    decimal? InputSeconds = null,
    decimal? OutputSeconds = null);

internal sealed record CloudEventBody(
    string Specversion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset? Time = null,
    EventDataBody? Data = null);
