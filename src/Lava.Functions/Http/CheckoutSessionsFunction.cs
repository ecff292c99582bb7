using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves checkout sessions.</summary>
public sealed class CheckoutSessionsFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("checkout-sessions")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/checkout_sessions/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
