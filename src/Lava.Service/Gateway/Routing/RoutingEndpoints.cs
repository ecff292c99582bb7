using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Gateway.Routing;

/// <summary><c>/v1/rewrite</c>, <c>/v1/models</c> and the endpoints that find the provider by the model (behaviour.md §3.1).</summary>
public static class RoutingEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRouting(this IEndpointRouteBuilder routes)
    {
        var runner = routes.ServiceProvider.GetRequiredService<CallRunner>();
        var intake = routes.ServiceProvider.GetRequiredService<CallIntake>();
        var targets = routes.ServiceProvider.GetRequiredService<ChatTargets>();
        var fallbacks = routes.ServiceProvider.GetRequiredService<FallbackLookup>();
        var modelRoutes = routes.ServiceProvider.GetRequiredService<ModelRoutes>();
        var catalogue = routes.ServiceProvider.GetRequiredService<ProviderCatalogue>();
        var models = routes.ServiceProvider.GetRequiredService<ModelsHandler>();

        routes.MapMethods("/v1/rewrite/{format}/{**target}", ["POST"], RewriteAsync);

        routes.MapMethods("/v1/models", ["GET"], models.HandleAsync);
        routes.MapMethods("/v1/models/{model}", ["GET"], models.HandleOneAsync);

        // SDKs ask for the models below the base address that they were given.
        routes.MapMethods("/v1/rewrite/{format}/{**target}", ["GET"], http =>
            RewriteTarget.Parse(RawTarget.Of(http)) is { } target && RewritePlan.Read(target, catalogue)?.Kind == EndpointKind.Metadata
                ? models.HandleAsync(http)
                : RewriteAsync(http));

        Map("/v1/chat/completions", WireFormat.OpenAiChat, EndpointKind.Chat);
        Map("/v1/responses", WireFormat.OpenAiResponses, EndpointKind.Chat);
        Map("/v1/messages", WireFormat.Anthropic, EndpointKind.Chat);
        Map("/v1/messages/count_tokens", WireFormat.Anthropic, EndpointKind.CountTokens);
        Map("/v1/embeddings", WireFormat.OpenAiMedia, EndpointKind.Embeddings);

        Task RewriteAsync(HttpContext http) => runner.RunAsync(http, new RewritePlan(intake, targets, fallbacks, catalogue));

        void Map(string pattern, WireFormat client, EndpointKind kind) => routes.MapMethods(pattern, ["POST"], http =>
            runner.RunAsync(http, new ModelPlan(intake, targets, fallbacks, modelRoutes, catalogue, client, kind)));
    }
}
