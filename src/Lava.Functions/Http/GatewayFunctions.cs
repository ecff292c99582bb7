using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Lava.Functions.Http;

/// <summary>Calls to models: one function for each form of call, any method.</summary>
public sealed class GatewayFunctions(InnerPipeline pipeline)
{
    /// <summary>Speech, transcriptions and translations by model.</summary>
    [Function("gateway-audio")]
    public Task<IActionResult> AudioAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/audio/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Chat completions of any model.</summary>
    [Function("gateway-chat")]
    public Task<IActionResult> ChatAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/chat/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Texts continued by a model.</summary>
    [Function("gateway-completions")]
    public Task<IActionResult> CompletionsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/completions/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Embeddings by model.</summary>
    [Function("gateway-embeddings")]
    public Task<IActionResult> EmbeddingsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/embeddings/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>The forward proxy.</summary>
    [Function("gateway-forward")]
    public Task<IActionResult> ForwardAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/forward/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Any chat model for Google's clients, and the list of models in Google's form.</summary>
    [Function("gateway-google")]
    public Task<IActionResult> GoogleAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1beta/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Images made and edited by a model.</summary>
    [Function("gateway-images")]
    public Task<IActionResult> ImagesAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/images/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Messages of any model, and their count.</summary>
    [Function("gateway-messages")]
    public Task<IActionResult> MessagesAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/messages/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>The list of models.</summary>
    [Function("gateway-models")]
    public Task<IActionResult> ModelsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/models/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Moderations by model.</summary>
    [Function("gateway-moderations")]
    public Task<IActionResult> ModerationsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/moderations/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Realtime sessions, which are refused.</summary>
    [Function("gateway-realtime")]
    public Task<IActionResult> RealtimeAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/realtime/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Documents put in order by a model.</summary>
    [Function("gateway-rerank")]
    public Task<IActionResult> RerankAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/rerank/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Responses of any model.</summary>
    [Function("gateway-responses")]
    public Task<IActionResult> ResponsesAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/responses/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);

    /// <summary>Any client to any provider.</summary>
    [Function("gateway-rewrite")]
    public Task<IActionResult> RewriteAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/rewrite/{*rest}")] HttpRequest request) =>
        pipeline.RunAsync(request);
}
