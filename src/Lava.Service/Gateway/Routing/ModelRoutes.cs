using System.Collections.Concurrent;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Reservations;

namespace Lava.Service.Gateway.Routing;

/// <summary>Finds the provider that serves a model (behaviour.md §3.1).</summary>
internal sealed class ModelRoutes(ProviderCatalogue catalogue, CallKeys keys)
{
    // The catalogue never changes, so there are as many as it has models, at a handful of endpoints.
    private readonly ConcurrentDictionary<(string Provider, string Model, ModelShape Shape), Uri?> _addresses = new();

    /// <summary>The model that is meant where a request names none; null where it must name one.</summary>
    public string? DefaultModelOf(EndpointKind kind)
    {
        foreach (var provider in catalogue.Providers)
        {
            foreach (var endpoint in provider.Endpoints)
            {
                if (endpoint.Kind == kind && endpoint.DefaultModel is { } model) return model;
            }
        }

        return null;
    }

    /// <summary>The endpoint of the best provider that can be called for the model: with a key of the merchant's or the operator's, or in the
    /// sandbox. Null where no provider serves the model in this format.</summary>
    /// <param name="call">The call.</param>
    /// <param name="shape">What the call is for, and the format that its client speaks.</param>
    /// <param name="name">The model, as the caller wrote it.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<(Uri Url, string Model)?> FindAsync(
        IncomingCall call,
        ModelShape shape,
        string name,
        CancellationToken cancellationToken)
    {
        (Uri, string)? first = null;
        (Uri, string)? forbidden = null;
        (Uri, string)? bare = null;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        foreach (var (provider, model) in catalogue.FindProvidersOf(name))
        {
            if (!shape.Takes(model.Kind) || AddressOf(provider, shape, model) is not { } url) continue;

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
            switch (await keys.OutlookAsync(call.Tenant, provider, new KeyTarget(url.Host, model, asked), cancellationToken))
            {
                case KeyOutlook.Key:
                case KeyOutlook.Sandbox when bare is null:
                    return (url, asked);
                case KeyOutlook.AddressAlone:
                    // It may be a proxy for callers with keys of their own: where there is a key for another provider, that one is meant.
                    bare ??= (url, asked);
                    break;
            }
        }

        return bare ?? first ?? forbidden;
    }

    /// <summary>Where a provider takes such calls: at an endpoint of the client's format where its own is of OpenAI's kind, otherwise at its own, which says
    /// more than its imitations.</summary>
    private Uri? AddressOf(CatalogueProvider provider, ModelShape shape, CatalogueModel model) =>
        _addresses.GetOrAdd(
            (provider.Id, model.Id, shape),
            static (key, offer) => FindAddress(offer.provider, key.Shape, offer.model),
            (provider, model));

    private static bool IsOpenAi(WireFormat format) => format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses;

    private static Uri? FindAddress(CatalogueProvider provider, ModelShape shape, CatalogueModel model)
    {
        var (client, kind) = (shape.Client, shape.Kind);
        var endpoints = provider.Endpoints.Where(shape.Fits).ToList();
        var own = endpoints.FirstOrDefault();
        if (own is null) return null;
        var same = endpoints.Find(endpoint => endpoint.Format == client);

        // An imitation of Anthropic's format beside a provider's own passes over what it does not know: what is translated is refused by name instead.
        var isAlike = IsOpenAi(own.Format) && IsOpenAi(client);
        var chosen = kind != EndpointKind.Chat ? same ?? endpoints.Find(ModelShape.IsOfVoice) : isAlike ? same ?? own : own;

        // Of what is translated, OpenAI's own Responses take more of some models than its chats do; of others they are the only way.
        var responses = kind == EndpointKind.Chat ? endpoints.Find(endpoint => endpoint.Format == WireFormat.OpenAiResponses) : null;
        var profile = ModelProfile.Of(model);
        var wantsResponses = profile.ResponsesOnly || (profile.ReasonsWithToolsInResponsesOnly && client != WireFormat.OpenAiChat);
        if (responses is not null && provider.CustomTools && wantsResponses) chosen = responses;
        return chosen is null
            ? null
            : new Uri($"https://{new Uri(provider.BaseUrl).Host}{chosen.Path.Replace("{model}", Uri.EscapeDataString(model.Id), StringComparison.Ordinal)}");
    }
}
