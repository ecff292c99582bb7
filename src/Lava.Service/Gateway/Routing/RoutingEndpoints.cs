using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Catalogue.Views;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/rewrite</c>, <c>/v1/models</c> and the endpoints that find the provider by the model (behaviour.md §3.1).</summary>
internal sealed class RoutingEndpoints(
    CallRunner runner,
    CallIntake intake,
    ChatTargets targets,
    FallbackLookup fallbacks,
    ModelRoutes modelRoutes,
    ProviderCatalogue catalogue,
    HistoryReferences references,
    ModelsHandler models) : IEndpoints
{
    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/rewrite/{format}/{**target}", ["POST"], RewriteAsync);

        routes.MapMethods("/v1/models", ["GET"], models.HandleAsync)
            .Describe(Operation.Open("listModels", "Catalogue", "List models; with a spend key only the models that it may use.", typeof(ModelList)));
        routes.MapMethods("/v1/models/{model}", ["GET"], models.HandleOneAsync)
            .Describe(Operation.Open("getModel", "Catalogue", "Show a model, by its name or provider/name.", typeof(ModelEntry)));

        // Many clients do not escape the slash in a model's name.
        routes.MapMethods("/v1/models/{**model}", ["GET"], models.HandleOneAsync);

        // SDKs ask for the models below the base address that they were given.
        routes.MapMethods("/v1/rewrite/{format}/{**target}", ["GET"], http =>
            RewriteTarget.Parse(RawTarget.Of(http)) is { } target && RewritePlan.Read(target, catalogue)?.Kind == EndpointKind.Metadata
                ? models.HandleAsync(http)
                : RewriteAsync(http));

        Map("/v1/chat/completions", WireFormat.OpenAiChat, EndpointKind.Chat)
            .Describe(Operation.Gateway("chatCompletions", "Create an OpenAI chat completion with any model of the catalogue."));
        Map("/v1/responses", WireFormat.OpenAiResponses, EndpointKind.Chat)
            .Describe(Operation.Gateway("responses", "Create an OpenAI response with any model of the catalogue."));
        Map("/v1/messages", WireFormat.Anthropic, EndpointKind.Chat)
            .Describe(Operation.Gateway("messages", "Create an Anthropic message with any model of the catalogue."));
        Map("/v1/messages/count_tokens", WireFormat.Anthropic, EndpointKind.CountTokens)
            .Describe(Operation.Gateway("countTokens", "Count a conversation's tokens, free of charge."));
        Map("/v1/embeddings", WireFormat.OpenAiMedia, EndpointKind.Embeddings)
            .Describe(Operation.Gateway("embeddings", "Create embeddings with any model that supports OpenAI's format."));

        Task RewriteAsync(HttpContext http) => runner.RunAsync(http, new RewritePlan(intake, targets, fallbacks, catalogue, references));

        IEndpointConventionBuilder Map(string pattern, WireFormat client, EndpointKind kind) => routes.MapMethods(pattern, ["POST"], http =>
            runner.RunAsync(http, new ModelPlan(intake, targets, fallbacks, modelRoutes, catalogue, references, client, kind)));
    }
}
