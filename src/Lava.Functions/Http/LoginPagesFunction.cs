using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves the pages on which programs are authorised.</summary>
public sealed class LoginPagesFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("login-pages")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "auth/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
