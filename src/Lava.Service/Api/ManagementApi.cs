using System.Globalization;
using Lava.Service.Api.AuditLogs;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Exports;
using Lava.Service.Api.Idempotency;
using Lava.Service.Api.Input;
using Lava.Service.Credentials;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Api;

/// <summary>What every management endpoint has in common: a secret key, the rate limit, a JSON body within bounds, idempotency, the envelope.</summary>
internal sealed class ManagementApi(
    Authenticator authenticator,
    RateLimiter limiter,
    IdempotencyStore idempotency,
    DirectCalls direct,
    AuditLog log,
    Suspensions suspensions,
    TimeProvider time)
{
    /// <summary>Most bytes of a body.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Maps an endpoint below <c>/v1</c>.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="pattern">Path below <c>/v1</c>, starting with <c>/</c>; the object's id is <c>{id}</c>.</param>
    /// <param name="handle">Answers a request that has been let in.</param>
    /// <param name="takesArrays">Whether the body may be a JSON array too.</param>
    /// <returns>To describe it.</returns>
    public ManagementEndpoint Map(
        IEndpointRouteBuilder routes,
        string method,
        string pattern,
        Func<ManagementRequest, ValueTask<ApiResult>> handle,
        bool takesArrays = false)
    {
        var endpoint = new ManagementEndpoint(method, handle, log);
        direct.Add(method, pattern, endpoint);
        endpoint.Route = routes.MapMethods("/v1" + pattern, [method], http => RunAsync(http, endpoint, takesArrays));
        return endpoint;
    }

    private async Task RunAsync(HttpContext http, ManagementEndpoint endpoint, bool takesArrays) =>
        await (await AnswerAsync(http, endpoint, takesArrays)).WriteAsync(http);

    private async ValueTask<ApiResult> AnswerAsync(HttpContext http, ManagementEndpoint endpoint, bool takesArrays)
    {
        var credential = Bearer(http.Request);
        if (credential is null) return ApiError.AuthenticationRequired();
        if (credential.StartsWith("lava_sk_", StringComparison.Ordinal)) return ApiError.SecretKeyInvalid();
        var identity = await authenticator.AuthenticateAsync(credential, http.Connection.RemoteIpAddress, http.RequestAborted);
        if (identity is null) return ApiError.SecretKeyInvalid();

        if (await suspensions.FindAsync(identity.Tenant.MerchantId, http.RequestAborted) is not null) return ApiError.MerchantSuspended();
        var (remaining, reset) = limiter.Count(identity.KeyId);
        http.Response.Headers["X-RateLimit-Limit"] = RateLimiter.Limit.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-RateLimit-Remaining"] = Math.Max(0, remaining).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-RateLimit-Reset"] = reset.ToString(CultureInfo.InvariantCulture);
        if (remaining < 0) return ApiError.RateLimited((int)Math.Max(1, reset - time.GetUtcNow().ToUnixTimeSeconds()));

        if (QueryCheck.FindUnknown(http) is { } unknown) return unknown;
        if (RequestBody.IsEncoded(http.Request)) return ApiError.EncodingUnsupported("identity");
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await RequestBody.ReadAsync(http.Request.Body, http.Request.ContentLength, MaxBodyBytes, http.RequestAborted);
        }
        catch (BadHttpRequestException fault)
        {
            return fault.StatusCode == 413 ? ApiError.TooLarge(MaxBodyBytes) : ApiError.InvalidJson("The request body could not be read.");
        }

        if (body is null) return ApiError.TooLarge(MaxBodyBytes);
        if (RequestJson.TryReadBody(body.Value.Span, out var json, takesArrays) is { } error) return error;

        var caller = new Caller(CallerKind.SecretKey, identity.KeyId, identity.Scopes);
        var request = new ManagementRequest(http, identity.Tenant, caller, json, body.Value, http.RequestAborted);
        if (endpoint.Export is { } export && ExportFormat.Of(http.Request) is { } format)
            return ApiResult.Streamed(context => export.WriteAsync(context, format, request.Query, query => endpoint.AnswerAsync(request.Asking(query))));
        if (!HttpMethods.IsPost(http.Request.Method) || !http.Request.Headers.TryGetValue("Idempotency-Key", out var key))
            return await endpoint.AnswerAsync(request);
        if (key.ToString().Length is 0 or > 255) return ApiError.Validation(Issue.At("Idempotency-Key", "Idempotency-Key must have 1 to 255 characters."));

        // Once begun it is carried to its end: a client that gives up half-way will ask again, and must find what was made.
        var whole = request with { Cancelled = CancellationToken.None };
        var (result, isReplay) = await idempotency.RunAsync(
            identity.Tenant, credential, key.ToString(), http.Request.Path.Value!, body.Value, () => endpoint.AnswerAsync(whole), http.RequestAborted);
        if (isReplay) http.Response.Headers["Idempotency-Replayed"] = "true";
        return result;
    }

    /// <summary>The bearer credential of a request; null without one.</summary>
    public static string? Bearer(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return null;
        var credential = header[7..].Trim();
        return credential.Length is 0 or > 16_384 ? null : credential;
    }
}
