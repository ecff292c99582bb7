using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>By what a request is found in the logs.</summary>
public static class RequestIds
{
    /// <summary>The id that the caller was told in <c>x-lava-request-id</c>; the server's own where there is none.</summary>
    public static string Of(HttpContext http) => http.Response.Headers["x-lava-request-id"] is [{ Length: > 0 } id] ? id : http.TraceIdentifier;
}
