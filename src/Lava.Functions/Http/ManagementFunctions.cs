using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>The management API and the operator's, and the 404 of every address below <c>/v1</c> that is nobody's. The host puts routes in the order of their
/// functions' names, so this one, which takes what is left of <c>/v1</c>, is named to come after the gateway's.</summary>
public sealed class ManagementFunctions(InnerPipeline pipeline)
{
    /// <summary>Everything below <c>/v1</c> that is no call to a model.</summary>
    [Function("management")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
