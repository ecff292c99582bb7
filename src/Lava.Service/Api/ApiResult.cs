using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>What a management endpoint answers: JSON with a status, or a refusal. There is no answer without a body, because clients parse every success as
/// JSON.</summary>
internal readonly record struct ApiResult
{
    private ApiResult(int status, ReadOnlyMemory<byte> body, ApiError? error)
    {
        Status = status;
        Body = body;
        Error = error;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>UTF-8 JSON; empty for a refusal.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The refusal; null for success.</summary>
    public ApiError? Error { get; }

    /// <summary>Writes an answer that is too long to be held; null for all others.</summary>
    private Func<HttpContext, Task>? Stream { get; init; }

    /// <summary>An answer that is written piece by piece.</summary>
    public static ApiResult Streamed(Func<HttpContext, Task> write) => new(200, default, null) { Stream = write };

    /// <summary>A success.</summary>
    public static ApiResult Ok<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type), null);

    /// <summary>Something was created.</summary>
    public static ApiResult Created<T>(T value, JsonTypeInfo<T> type) => new(201, JsonSerializer.SerializeToUtf8Bytes(value, type), null);

    /// <summary><c>{"id":…,"deleted":true}</c>.</summary>
    public static ApiResult Deleted(string id) => Ok(new DeletedResponse(id, true), HttpJson.Default.DeletedResponse);

    /// <summary><c>{"success":true}</c>.</summary>
    public static ApiResult Success() => Ok(new SuccessResponse(true), HttpJson.Default.SuccessResponse);

    /// <summary>An answer given before.</summary>
    public static ApiResult Replay(int status, ReadOnlyMemory<byte> body) => new(status, body, null);

    /// <summary>A refusal.</summary>
    public static implicit operator ApiResult(ApiError error) => FromApiError(error);

    /// <summary>A refusal.</summary>
    public static ApiResult FromApiError(ApiError error) => new(error.Status, default, error);

    /// <summary>Writes it, a refusal in its envelope.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        if (Error is not null)
        {
            await ErrorWriter.WriteAsync(http, Error);
            return;
        }

        if (Stream is not null)
        {
            await Stream(http);
            return;
        }

        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Body.Length;
        await http.Response.Body.WriteAsync(Body, http.RequestAborted);
    }
}
