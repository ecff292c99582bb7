using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves the pages of checkouts.</summary>
public sealed class CheckoutPagesFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("checkout-pages")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "embed/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
