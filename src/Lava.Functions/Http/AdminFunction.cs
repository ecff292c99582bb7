using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves the operator's API.</summary>
public sealed class AdminFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("admin")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/admin/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
