using System.Text.Json;
using System.Text.Unicode;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Input;

/// <summary>Reads what a caller sends as JSON, so that whatever is read of it afterwards is Unicode text: the parser alone lets broken UTF-8 and halves of
/// surrogate pairs (<c>"\ud800"</c>) through, and reading such a string is a fault.</summary>
internal static class RequestJson
{
    /// <summary>Deepest nesting of a body.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonElement Empty = JsonElement.Parse("{}"u8);

    /// <summary>Reads a body: an object, or nothing at all, which stands for an empty one (rest-api.md §1.3).</summary>
    public static ApiError? TryReadBody(ReadOnlySpan<byte> body, out JsonElement json, bool takesArrays = false)
    {
        json = Empty;
        if (body.IndexOfAnyExcept(" \r\n\t"u8) < 0) return null;
        if (!TryRead(body, MaxDepth, out json)) return ApiError.InvalidJson();
        return json.ValueKind == JsonValueKind.Object || (takesArrays && json.ValueKind == JsonValueKind.Array)
            ? null
            : ApiError.InvalidJson("The request body must be a JSON object.");
    }

    /// <summary>Reads the body of a request: an object of at most <paramref name="limit"/> bytes with the members that its endpoint has, or nothing at all,
    /// which stands for an empty one.</summary>
    public static async ValueTask<(JsonElement Json, ApiError? Error)> ReadBodyAsync(HttpContext http, int limit)
    {
        if (RequestBody.IsEncoded(http.Request)) return (default, ApiError.EncodingUnsupported("identity"));
        if (await RequestBody.ReadAsync(http.Request.Body, http.Request.ContentLength, limit, http.RequestAborted) is not { } body)
            return (default, ApiError.TooLarge(limit));
        var error = TryReadBody(body.Span, out var json);
        if (error is null && http.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { } operation) error = BodyCheck.FindUnknown(json, operation);
        return (json, error);
    }

    /// <summary>Reads any JSON; false where it is none, nests deeper than <paramref name="maxDepth"/> or holds text that is no Unicode.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, int maxDepth, out JsonElement json)
    {
        json = default;
        if (!Utf8.IsValid(utf8)) return false;
        try
        {
            json = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = maxDepth });
            return utf8.IndexOf("\\u"u8) < 0 || HasWholeText(utf8, maxDepth);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasWholeText(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
