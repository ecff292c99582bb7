using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.History;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Reservations;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary>The endpoints without an address: the provider is found by the model (behaviour.md §3.1).</summary>
/// <param name="intake">Lets calls in.</param>
/// <param name="targets">Puts requests into providers' formats.</param>
/// <param name="fallbacks">Finds a call's fallbacks.</param>
/// <param name="routes">Finds the provider of a model.</param>
/// <param name="catalogue">Knows the models.</param>
/// <param name="references">Replaces references to earlier responses.</param>
/// <param name="client">The format that the endpoint speaks.</param>
/// <param name="kind">What the endpoint is for.</param>
internal sealed class ModelPlan(
    CallIntake intake,
    ChatTargets targets,
    FallbackLookup fallbacks,
    ModelRoutes routes,
    ProviderCatalogue catalogue,
    HistoryReferences references,
    WireFormat client,
    EndpointKind kind) : ChatPlan(intake, targets, fallbacks)
{
    /// <summary>What an image of a megapixel is at most providers, roughly.</summary>
    private const int TokensOfMedia = 1_500;

    /// <summary>What a request is read as, to find the model that it names.</summary>
    private static readonly Dictionary<(WireFormat, EndpointKind), ProviderEndpoint> Shapes = new()
    {
        [(WireFormat.OpenAiChat, EndpointKind.Chat)] = Shape(WireFormat.OpenAiChat, EndpointKind.Chat),
        [(WireFormat.OpenAiResponses, EndpointKind.Chat)] = Shape(WireFormat.OpenAiResponses, EndpointKind.Chat),
        [(WireFormat.Anthropic, EndpointKind.Chat)] = Shape(WireFormat.Anthropic, EndpointKind.Chat),
        [(WireFormat.Anthropic, EndpointKind.CountTokens)] = Shape(WireFormat.Anthropic, EndpointKind.CountTokens),
        [(WireFormat.OpenAiMedia, EndpointKind.Embeddings)] = Shape(WireFormat.OpenAiMedia, EndpointKind.Embeddings),
    };

    /// <inheritdoc/>
    protected override bool TakesFallbacks => kind == EndpointKind.Chat;

    /// <inheritdoc/>
    protected override async ValueTask<(ChatRoute? Route, ApiError? Error)> FindRouteAsync(HttpContext http, CallStart start)
    {
        var (caller, refused) = await Intake.FindCallerAsync(http, null, start);
        if (caller is null) return (null, refused);
        if (caller.SpendKey is not null && SpendKeyGate.CheckShape(caller.SpendKey.Key, client) is { } forbidden) return (null, forbidden);
        var (call, error) = await Intake.ReadAsync(http, caller, null, start);
        if (call is null) return (null, error);
        if (client == WireFormat.OpenAiResponses && await references.ReplaceAsync(call, http.RequestAborted) is { } missing) return (null, missing);
        if (RequestReader.Read(call.Body.Span, call.ContentType ?? "application/json", Shapes[(client, kind)]) is not { } facts)
            return (null, ApiError.InvalidJson("The request body is not valid JSON for this endpoint."));
        if (facts.ModelIsInvalid || facts.Model is not { } name) return (null, ApiError.ModelInvalid());
        call.Facts = facts;

        // Who asks for a response where chats are asked for is served best where responses are.
        var shape = client == WireFormat.OpenAiChat && facts.IsForResponse ? WireFormat.OpenAiResponses : client;
        if (await routes.FindAsync(call, shape, kind, name, http.RequestAborted) is var (url, model))
            return (new ChatRoute(call, new ChatRequest(client), url, model == name ? null : model), null);

        // Clients that count before they ask do so for whatever model they are to use.
        if (kind != EndpointKind.CountTokens || !catalogue.FindProvidersOf(name).Any(offer => offer.Model.Kind == EndpointKind.Chat))
            return (null, ApiError.ModelNotFound(name));
        if (caller.SpendKey?.Key is { } key && !catalogue.FindProvidersOf(name).Any(offer => key.Allows(offer.Provider.Id, offer.Model.Id)))
            return (null, ApiError.ModelNotAllowed(name));
        await WriteEstimateAsync(http, facts);
        return (null, null);
    }

    /// <summary>Answers with an estimate, for models whose provider does not count in this format: a token for four bytes, as English text has.</summary>
    private static async Task WriteEstimateAsync(HttpContext http, RequestFacts facts)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{{\"input_tokens\":{(facts.PromptBytes + 3) / 4 + TokensOfMedia * facts.MediaParts}}}"),
            http.RequestAborted);
    }

    private static ProviderEndpoint Shape(WireFormat format, EndpointKind kind) => new() { Method = "POST", Path = "/", Kind = kind, Format = format };
}
