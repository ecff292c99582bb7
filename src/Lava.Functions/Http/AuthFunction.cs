using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves the exchange of login codes.</summary>
public sealed class AuthFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("auth")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/auth/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
