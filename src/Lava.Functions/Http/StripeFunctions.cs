using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>What Stripe reports.</summary>
public sealed class StripeFunctions(InnerPipeline pipeline)
{
    /// <summary>Stripe's webhook.</summary>
    [Function("webhooks-stripe")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "stripe/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);
}
