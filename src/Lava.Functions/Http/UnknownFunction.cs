using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves addresses below <c>/v1</c> that no other function has, so that they too are refused in the envelope.</summary>
public sealed class UnknownFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("unknown")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
