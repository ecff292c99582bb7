using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves webhooks.</summary>
public sealed class WebhooksFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("webhooks")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/webhooks/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
