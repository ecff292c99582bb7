using Lava.Service.Api;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Admin;

/// <summary>What every endpoint of the operator's API has in common: the admin secret, its rate limit, known query parameters, the envelope.</summary>
internal sealed class AdminApi(AdminGate gate)
{
    /// <summary>Maps an endpoint.</summary>
    /// <param name="routes">The routes that it joins.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="pattern">Its path.</param>
    /// <param name="handle">Answers a request of the operator's.</param>
    /// <returns>To describe it.</returns>
    public IEndpointConventionBuilder Map(
        IEndpointRouteBuilder routes, string method, string pattern, Func<HttpContext, ValueTask<ApiResult>> handle) =>
        routes.MapMethods(pattern, [method], async http =>
        {
            var result = (await gate.RefuseAsync(http) ?? QueryCheck.FindUnknown(http)) is { } refused ? refused : await handle(http);
            await result.WriteAsync(http);
        });

    /// <summary>From where the operator asks, for the log.</summary>
    public static string? AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
