using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Fallbacks;
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
/// <param name="shape">What the endpoint is for.</param>
/// <param name="address">What the address says; null where model and stream stand in the body.</param>
internal sealed class ModelPlan(
    CallIntake intake,
    ChatTargets targets,
    FallbackLookup fallbacks,
    ModelRoutes routes,
    ProviderCatalogue catalogue,
    HistoryReferences references,
    ModelShape shape,
    ModelAddress? address = null) : ChatPlan(intake, targets, fallbacks)
{
    /// <summary>Models that are named to who asks for one that there is not.</summary>
    private const int MostSimilar = 3;

    /// <summary>What an image of a megapixel is at most providers, roughly.</summary>
    private const int TokensOfMedia = 1_500;

    /// <inheritdoc/>
    protected override bool TakesFallbacks => shape.Kind == EndpointKind.Chat;

    /// <inheritdoc/>
    protected override async ValueTask<(ChatRoute? Route, ApiError? Error)> FindRouteAsync(HttpContext http, CallStart start)
    {
        var (caller, refused) = await Intake.FindCallerAsync(http, address?.Credential, start);
        if (caller is null) return (null, refused);
        if (caller.SpendKey is not null && SpendKeyGate.CheckShape(caller.SpendKey.Key, shape.Client) is { } forbidden) return (null, forbidden);
        var (call, error) = await Intake.ReadAsync(http, caller, null, start);
        if (call is null) return (null, error);
        if (shape.IsUpload && !FormPatch.IsForm(call.ContentType)) return (null, ApiError.FormRequired());
        if (shape.Client == WireFormat.OpenAiResponses && await references.ReplaceAsync(call, http.RequestAborted) is { } missing) return (null, missing);
        if (RequestReader.Read(call.Body.Span, call.ContentType ?? "application/json", shape.Endpoint) is not { } facts)
        {
            var form = FormPatch.IsForm(call.ContentType) ? "form data" : "JSON";
            return (null, ApiError.InvalidJson($"The request body is not valid {form} for this endpoint."));
        }

        if (address is null && facts.ModelIsInvalid) return (null, ApiError.ModelInvalid());
        if ((address?.Model ?? facts.Model ?? routes.DefaultModelOf(shape.Kind)) is not { } name) return (null, ApiError.ModelInvalid());
        call.Facts = facts;

        // Who asks for a response where chats are asked for is served best where responses are.
        var wanted = shape.Client == WireFormat.OpenAiChat && facts.IsForResponse ? RoutingEndpoints.Responses : shape;
        if (await routes.FindAsync(call, wanted, name, http.RequestAborted) is var (url, model))
            return (new ChatRoute(call, RequestOf(), url, model == facts.Model ? null : model), null);

        // Clients that count before they ask do so for whatever model they are to use.
        var offers = catalogue.FindProvidersOf(name);
        if (shape.Kind == EndpointKind.CountTokens && offers.Any(offer => offer.Model.Kind == EndpointKind.Chat))
        {
            if (caller.SpendKey?.Key is { } key && !offers.Any(offer => key.Allows(offer.Provider.Id, offer.Model.Id)))
                return (null, ApiError.ModelNotAllowed(name));
            await WriteEstimateAsync(http, facts);
            return (null, null);
        }

        return offers.Length == 0
            ? (null, ApiError.ModelNotFound(name, SimilarTo(name, caller)))
            : (null, ApiError.ModelElsewhere(name, http.Request.Path, RoutingEndpoints.PathOf(offers[0].Model.Kind)));
    }

    private IReadOnlyList<string> SimilarTo(string name, GatewayCaller caller) => SimilarNames.Find(
        catalogue.Offers
            .Where(offer => shape.Takes(offer.Model.Kind) && IsFoundByName(offer))
            .Where(offer => caller.SpendKey?.Key.Allows(offer.Provider.Id, offer.Model.Id) ?? true)
            .Select(offer => offer.Model.Id),
        name,
        MostSimilar);

    /// <summary>Whether a model has an endpoint whose address needs no more than its name (Claude at Vertex AI has none).</summary>
    private static bool IsFoundByName(ModelOffer offer) => offer.Provider.Endpoints.Any(
        endpoint => endpoint.Kind == offer.Model.Kind && endpoint.Has(offer.Model) && ModelShape.IsFoundByModel(endpoint));

    private ChatRequest RequestOf() => address is null
        ? new ChatRequest(shape.Client)
        : new ChatRequest(shape.Client, address.Model, address.Streams, address.AsEvents);

    /// <summary>Answers with an estimate, for models whose provider does not count in this format: a token for four bytes, as English text has.</summary>
    private async Task WriteEstimateAsync(HttpContext http, RequestFacts facts)
    {
        var member = shape.Client == WireFormat.Gemini ? "totalTokens" : "input_tokens";
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{{\"{member}\":{(facts.PromptBytes + 3) / 4 + TokensOfMedia * facts.MediaParts}}}"),
            http.RequestAborted);
    }
}
