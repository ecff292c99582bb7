using Lava.Service.Admin;
using Lava.Service.Api.Endpoints;
using Lava.Service.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Hosting;

/// <summary><c>/health/live</c> (the process answers) and <c>/health/ready</c> (its store takes writes too, and whether something was given up).</summary>
internal sealed class HealthEndpoints(StoreGate gate, DeadLetterCount dead) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health/live", ["GET"], http => WriteAsync(http, 200, """{"status":"ok"}"""));
        routes.MapMethods("/health/ready", ["GET"], async http =>
        {
            var state = await gate.FindAsync(http.RequestAborted);
            if (state == StoreState.Ready)
            {
                await WriteAsync(
                    http,
                    200,
                    await dead.IsAnyAsync(http.RequestAborted) ? """{"status":"degraded","reason":"dead_letters"}""" : """{"status":"ok"}""");
            }
            else
            {
                await WriteAsync(
                    http,
                    503,
                    state == StoreState.Failed
                        ? """{"status":"unavailable","reason":"store_failed"}"""
                        : """{"status":"unavailable","reason":"store_unavailable"}""");
            }
        });
    }

    private static async Task WriteAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(body, http.RequestAborted);
    }
}
