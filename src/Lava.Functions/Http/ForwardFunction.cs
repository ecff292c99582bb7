using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves the gateway: <c>/v1/forward</c>, with the target in the query or in the path.</summary>
public sealed class ForwardFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("forward")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/forward/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
