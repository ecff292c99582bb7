using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/realtime</c> and what is below it (sessions over WebSocket, WebRTC and SIP, and keys for them): refused, whatever is sent.</summary>
internal sealed class RealtimeEndpoints : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("/v1/realtime/{**rest}", http => ErrorWriter.WriteAsync(http, ApiError.RealtimeUnsupported()));
}
