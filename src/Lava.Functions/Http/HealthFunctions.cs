using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Whether the app is well.</summary>
public sealed class HealthFunctions(InnerPipeline pipeline)
{
    /// <summary><c>/health/live</c> and <c>/health/ready</c>.</summary>
    [Function("health")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "health/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);
}
