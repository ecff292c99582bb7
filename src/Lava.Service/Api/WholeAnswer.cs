using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>Writes an answer whose bytes are made already.</summary>
internal static class WholeAnswer
{
    /// <summary>Writes a response with status 200 and its length.</summary>
    public static async Task WriteAsync(HttpContext http, string type, byte[] body)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
