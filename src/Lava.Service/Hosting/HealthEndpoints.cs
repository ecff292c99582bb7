using Lava.Service.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Hosting;

/// <summary><c>/health/live</c> (the process answers) and <c>/health/ready</c> (its store answers too).</summary>
public static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var tables = routes.ServiceProvider.GetRequiredService<ITableStore>();
        routes.MapMethods("/health/live", ["GET"], http => WriteAsync(http, 200));
        routes.MapMethods("/health/ready", ["GET"], async http =>
        {
            try
            {
                await tables.GetAsync(Tables.Merchants, "merchants", "health", http.RequestAborted);
                await WriteAsync(http, 200);
            }
            catch (TableStoreException)
            {
                await WriteAsync(http, 503);
            }
        });
    }

    private static async Task WriteAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(status == 200 ? """{"status":"ok"}""" : """{"status":"unavailable"}""", http.RequestAborted);
    }
}
