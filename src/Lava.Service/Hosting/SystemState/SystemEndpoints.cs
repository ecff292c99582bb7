using Lava.Service.Admin;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Hosting.SystemState;

/// <summary><c>GET /v1/admin/system</c>: how the system is.</summary>
internal sealed class SystemEndpoints(AdminApi api, SystemReport report) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) =>
        api.Map(routes, "GET", "/v1/admin/system", async http =>
            ApiResult.Ok(await report.FindAsync(http.RequestAborted), SystemJson.Default.SystemResponse))
            .Describe(Operation.Read(
                "getSystem",
                Operation.OperatorTag,
                "Show how the system is: queues, jobs, the last audit, the store's size, providers, version.",
                typeof(SystemResponse)));
}
