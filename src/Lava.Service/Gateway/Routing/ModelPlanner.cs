using System.Collections.Concurrent;
using System.Globalization;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Gateway.Routing;

/// <summary>The endpoints without an address: the provider is found by the model (behaviour.md §3.1).</summary>
internal sealed class ModelPlanner(CallIntake intake, ChatTargets targets, FallbackLookup fallbacks, ProviderCatalogue catalogue, CallKeys keys)
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

    // The catalogue never changes, so there are as many as it has models, in a handful of formats.
    private readonly ConcurrentDictionary<(string Provider, string Model, WireFormat Client, EndpointKind Kind), Uri?> _addresses = new();

    /// <summary>Lets a call in. Neither a plan nor an error: it is answered already.</summary>
    /// <param name="http">The request.</param>
    /// <param name="start">When it came.</param>
    /// <param name="client">The format that the endpoint speaks.</param>
    /// <param name="kind">What it is for.</param>
    public async ValueTask<(CallPlan? Plan, ApiError? Error)> PlanAsync(HttpContext http, CallStart start, WireFormat client, EndpointKind kind)
    {
        var (caller, refused) = await intake.FindCallerAsync(http, null, start);
        if (caller is null) return (null, refused);
        if (caller.SpendKey is not null && SpendKeyGate.CheckShape(caller.SpendKey.Key, client) is { } forbidden) return (null, forbidden);
        var (call, error) = await intake.ReadAsync(http, caller, null, start);
        if (call is null) return (null, error);
        if (RequestReader.Read(call.Body.Span, call.ContentType ?? "application/json", Shapes[(client, kind)]) is not { } facts)
            return (null, ApiError.InvalidJson("The request body is not valid JSON for this endpoint."));
        if (facts.ModelIsInvalid || facts.Model is not { } name) return (null, ApiError.ModelInvalid());
        call.Facts = facts;

        // Who asks for a response where chats are asked for is served best where responses are.
        var shape = client == WireFormat.OpenAiChat && facts.IsForResponse ? WireFormat.OpenAiResponses : client;
        if (await FindAsync(call, shape, kind, name, http.RequestAborted) is not var (url, model))
        {
            // Clients that count before they ask do so for whatever model they are to use.
            if (kind != EndpointKind.CountTokens || !catalogue.FindProvidersOf(name).Any(offer => offer.Model.Kind == EndpointKind.Chat))
                return (null, ApiError.ModelNotFound(name));
            if (caller.SpendKey?.Key is { } key && !catalogue.FindProvidersOf(name).Any(offer => key.Allows(offer.Provider.Id, offer.Model.Id)))
                return (null, ApiError.ModelNotAllowed(name));
            await WriteEstimateAsync(http, facts);
            return (null, null);
        }

        var (chain, invalid) = kind == EndpointKind.Chat ? await fallbacks.FindAsync(http.Request, call.Tenant, http.RequestAborted) : ([], null);
        if (invalid is not null) return (null, invalid);
        return (new ChatPlan(intake, targets, call, new ChatRequest(client), url, model == name ? null : model, chain), null);
    }

    /// <summary>Answers with an estimate, for models whose provider does not count in this format: a token for four bytes, as English text has.</summary>
    private static async Task WriteEstimateAsync(HttpContext http, RequestFacts facts)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            string.Create(CultureInfo.InvariantCulture, $"{{\"input_tokens\":{(facts.PromptBytes + 3) / 4 + TokensOfMedia * facts.MediaParts}}}"),
            http.RequestAborted);
    }

    /// <summary>The endpoint of the best provider that can be called for the model: with a key of the merchant's or the operator's, or in the
    /// sandbox.</summary>
    private async ValueTask<(Uri Url, string Model)?> FindAsync(
        IncomingCall call,
        WireFormat client,
        EndpointKind kind,
        string name,
        CancellationToken cancellationToken)
    {
        (Uri, string)? first = null;
        (Uri, string)? forbidden = null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        foreach (var (provider, model) in catalogue.FindProvidersOf(name))
        {
            // A provider counts the tokens of its conversations.
            if (model.Kind != (kind == EndpointKind.CountTokens ? EndpointKind.Chat : kind) || AddressOf(provider, client, kind, model) is not { } url)
                continue;

            // As the caller wrote it, without the provider's name before it: a dated snapshot stays the one that was asked for.
            var asked = catalogue.FindModel(provider, name) is not null
                ? name
                : slash > 0 && catalogue.FindModel(provider, name[(slash + 1)..]) is not null ? name[(slash + 1)..] : model.Id;
            if (call.Caller.SpendKey is { } spender && SpendKeyGate.CheckOffer(spender.Key, provider.Id, model.Id, asked) is not null)
            {
                // Another provider of the model may be allowed; if none is, this one's refusal says why.
                forbidden ??= (url, asked);
                continue;
            }

            first ??= (url, asked);
            if (call.Token?.ProviderKey is not null) return first;
            if (await keys.CanCallAsync(call.Tenant, provider, new KeyTarget(url.Host, model, asked), cancellationToken)) return (url, asked);
        }

        return first ?? forbidden;
    }

    /// <summary>Where a provider takes such calls: at an endpoint of the client's format where its own is of OpenAI's kind, otherwise at its own, which says
    /// more than its imitations.</summary>
    private Uri? AddressOf(CatalogueProvider provider, WireFormat client, EndpointKind kind, CatalogueModel model) =>
        _addresses.GetOrAdd(
            (provider.Id, model.Id, client, kind),
            static (key, offer) => FindAddress(offer.provider, key.Client, key.Kind, offer.model),
            (provider, model));

    private static Uri? FindAddress(CatalogueProvider provider, WireFormat client, EndpointKind kind, CatalogueModel model)
    {
        var endpoints = provider.Endpoints.Where(endpoint => endpoint.Kind == kind && endpoint is { Streams: false, Method: "POST" }).ToList();
        var own = endpoints.FirstOrDefault();
        if (own is null) return null;
        var same = endpoints.Find(endpoint => endpoint.Format == client);
        var chosen = kind != EndpointKind.Chat ? same : own.Format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses ? same ?? own : own;
        return chosen is null
            ? null
            : new Uri($"https://{new Uri(provider.BaseUrl).Host}{chosen.Path.Replace("{model}", Uri.EscapeDataString(model.Id), StringComparison.Ordinal)}");
    }

    private static ProviderEndpoint Shape(WireFormat format, EndpointKind kind) => new() { Method = "POST", Path = "/", Kind = kind, Format = format };
}
