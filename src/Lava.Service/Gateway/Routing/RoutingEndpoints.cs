using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Catalogue.Views;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Fallbacks;
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
    /// <summary>OpenAI's responses.</summary>
    public static readonly ModelShape Responses = new(WireFormat.OpenAiResponses, EndpointKind.Chat);

    /// <summary>The endpoints that find the provider by the model. Of those of a kind the first is the one that a misplaced call is told of.</summary>
    private static readonly (string Path, ModelShape Shape, string Id, string Summary)[] Models =
    [
        (
            "/v1/chat/completions",
            new ModelShape(WireFormat.OpenAiChat, EndpointKind.Chat),
            "chatCompletions",
            "Create an OpenAI chat completion with any model of the catalogue."),
        ("/v1/responses", Responses, "responses", "Create an OpenAI response with any model of the catalogue."),
        (
            "/v1/completions",
            new ModelShape(WireFormat.OpenAiChat, EndpointKind.Completion),
            "completions",
            "Continue a text (OpenAI's legacy completions) with a model that supports it."),
        (
            "/v1/messages",
            new ModelShape(WireFormat.Anthropic, EndpointKind.Chat),
            "messages",
            "Create an Anthropic message with any model of the catalogue."),
        (
            "/v1/messages/count_tokens",
            new ModelShape(WireFormat.Anthropic, EndpointKind.CountTokens),
            "countTokens",
            "Count a conversation's tokens, free of charge."),
        (
            "/v1/embeddings",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Embeddings),
            "embeddings",
            "Create embeddings with any model that supports OpenAI's format."),
        (
            "/v1/moderations",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Moderation),
            "moderations",
            "Judge text or images with a moderation model; OpenAI's are free of charge."),
        (
            "/v1/rerank",
            new ModelShape(WireFormat.Rerank, EndpointKind.Rerank),
            "rerank",
            "Order documents by relevance to a query, in the form of the model's provider (Cohere, Jina, Voyage)."),
        (
            "/v1/images/generations",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Images, "/images/generations"),
            "createImage",
            "Create images with any image model that supports OpenAI's format."),
        (
            "/v1/images/edits",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Images, "/images/edits"),
            "editImage",
            "Edit images, uploaded as form data, with any image model that supports it."),
        (
            "/v1/audio/speech",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Speech),
            "createSpeech",
            "Turn text into speech with OpenAI's, Azure's, Groq's and ElevenLabs' models."),
        (
            "/v1/audio/transcriptions",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Transcription, "/audio/transcriptions"),
            "createTranscription",
            "Transcribe a recording, uploaded as form data."),
        (
            "/v1/audio/translations",
            new ModelShape(WireFormat.OpenAiMedia, EndpointKind.Transcription, "/audio/translations"),
            "createTranslation",
            "Translate a recording, uploaded as form data, into English text."),
    ];

    /// <summary>Where models of a kind are called.</summary>
    public static string PathOf(EndpointKind kind) => Models.First(entry => entry.Shape.Kind == kind).Path;

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

        foreach (var (path, shape, id, summary) in Models) Map(path, shape).Describe(Operation.Gateway(id, summary));

        Task RewriteAsync(HttpContext http) => runner.RunAsync(http, new RewritePlan(intake, targets, fallbacks, catalogue, references));

        IEndpointConventionBuilder Map(string pattern, ModelShape shape) => routes.MapMethods(pattern, ["POST"], http =>
            runner.RunAsync(http, new ModelPlan(intake, targets, fallbacks, modelRoutes, catalogue, references, shape)));
    }
}
