using Lava.Core.Catalogue;
using Lava.Service.Api.Endpoints;
using Lava.Service.Gateway.Batches;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Calls;

/// <summary><c>/v1/forward</c> in every form, for every method that providers have.</summary>
internal sealed class ForwardEndpoints(CallRunner runner, CallIntake intake, ProviderCatalogue catalogue, BatchMetering batches) : IEndpoints
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/forward", Methods, RunAsync)
            .Describe(Operation.Gateway(
                "forward",
                "Forward a call to a provider, with metering and billing. Returns the provider's response; x-lava-request-id is the request's id.",
                "u!",
                "metadata"));
        routes.MapMethods("/v1/forward/{**target}", Methods, RunAsync);

        Task RunAsync(HttpContext http) => runner.RunAsync(http, new ForwardPlan(intake, catalogue, batches));
    }
}
