using Lava.Core.Catalogue;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        var intake = routes.ServiceProvider.GetRequiredService<CallIntake>();
        var catalogue = routes.ServiceProvider.GetRequiredService<ProviderCatalogue>();
        routes.MapMethods("/v1/forward", Methods, RunAsync);
        routes.MapMethods("/v1/forward/{**target}", Methods, RunAsync);

        Task RunAsync(HttpContext http) => runner.RunAsync(http, new ForwardPlan(intake, catalogue));
    }
}
