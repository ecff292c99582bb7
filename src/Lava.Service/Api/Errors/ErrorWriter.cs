using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Errors;

/// <summary>Writes refusals in the envelope.</summary>
public static class ErrorWriter
{
    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    /// <summary>Messages are read by people in terminals: quotes and letters stay as they are.</summary>
    private static readonly ErrorJson Readable = new(new JsonSerializerOptions(ErrorJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Longest <c>Retry-After</c> that the OpenAI and Anthropic clients honour, in seconds.</summary>
    private const int LongestClientWait = 60;

    /// <summary>Writes an error as the response, unless the response has begun: then the connection is cut, since the client must not take what it has for
    /// whole.</summary>
    public static async Task WriteAsync(HttpContext http, ApiError error)
    {
        if (http.Response.HasStarted || http.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
        {
            // What the response's writer holds cannot be taken back either.
            http.Abort();
            return;
        }

        // What a failed endpoint or provider had set describes an answer that does not come.
        http.Response.Headers.ContentEncoding = default;
        http.Response.Headers.TransferEncoding = default;
        http.Response.StatusCode = error.Status;
        http.Response.ContentType = "application/json";
        if (error.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        // The OpenAI and Anthropic clients ignore longer waits and would repeat the call at once.
        if (error.RetryAfterSeconds > LongestClientWait) http.Response.Headers["x-should-retry"] = "false";
        if (error.Status == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        if (ClientOf(http.Request.Path) is { } client)
        {
            await WriteAsync(http, error, client);
            return;
        }

        var isGateway = GatewayPaths.Contains(http.Request.Path);
        var body = new ErrorBody(new ErrorDetail
        {
            Type = isGateway ? TypeOf(error.Status) : null,
            Message = error.Message,
            Code = error.Code,
            Status = error.Status,
            Issues = error.Issues,
            Param = isGateway ? Null : null,
        }) { Type = isGateway ? "error" : null };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Readable.ErrorBody);
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    /// <summary>Writes an error in the words of a client whose parser knows no others.</summary>
    private static async Task WriteAsync(HttpContext http, ApiError error, WireFormat client)
    {
        var body = new ArrayBufferWriter<byte>();
        Translator.WriteError(client, error.Status, error.Code, error.Message, body);
        if (Translator.ErrorHeader(client, error.Status) is var (name, value)) http.Response.Headers[name] = value;
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    private static WireFormat? ClientOf(PathString path) =>
        path.StartsWithSegments("/v1/rewrite/google", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments(GatewayPaths.Google, StringComparison.OrdinalIgnoreCase) ? WireFormat.Gemini
        : path.StartsWithSegments("/v1/rewrite/bedrock", StringComparison.OrdinalIgnoreCase) ? WireFormat.BedrockConverse : null;

    private static string TypeOf(int status) => status switch
    {
        400 or 413 => "invalid_request_error",
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        _ => "api_error",
    };
}
