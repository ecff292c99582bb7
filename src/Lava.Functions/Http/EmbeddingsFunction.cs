using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Serves embeddings of any model that has OpenAI's form.</summary>
public sealed class EmbeddingsFunction(InnerPipeline pipeline)
{
    /// <summary>Answers with the service's endpoints, any method.</summary>
    [Function("embeddings")]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/embeddings/{*rest}")] HttpRequest request) => pipeline.RunAsync(request);
}
