using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api;

/// <summary>This server's own address, as its callers know it.</summary>
internal static class ServerAddress
{
    /// <summary>The address, with a slash at its end. It follows the request's scheme and host, which a proxy in front has to forward.</summary>
    public static Uri Of(HttpRequest request) => new($"{request.Scheme}://{request.Host}/");
}
