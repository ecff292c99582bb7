using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Gateway.Calls;

/// <summary><c>/v1/forward</c> in every form, for every method that providers have.</summary>
public static class ForwardEndpoints
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Maps it.</summary>
    public static void MapForward(this IEndpointRouteBuilder routes)
    {
        var runner = routes.ServiceProvider.GetRequiredService<CallRunner>();
        CallPlanner plan = routes.ServiceProvider.GetRequiredService<ForwardPlanner>().PlanAsync;
        routes.MapMethods("/v1/forward", Methods, http => runner.RunAsync(http, plan));
        routes.MapMethods("/v1/forward/{**target}", Methods, http => runner.RunAsync(http, plan));
    }
}
