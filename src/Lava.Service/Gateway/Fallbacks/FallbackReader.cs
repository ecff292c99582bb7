using System.Globalization;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Gateway;
using Lava.Service.Api.Errors;

namespace Lava.Service.Gateway.Fallbacks;

/// <summary>Reads lists of fallbacks as callers write them: <c>{url, model}</c> (behaviour.md §3.4), <c>{provider, model}</c> or <c>"provider/model"</c>. Only
/// chat is translated, so only chat endpoints and models can be fallen back to.</summary>
internal static class FallbackReader
{
    /// <summary>Most entries of a list.</summary>
    public const int MaxEntries = 5;

    private const int MaxUrl = 1_000;

    /// <summary>Reads a list. What is wrong comes back with its path within the list.</summary>
    public static IReadOnlyList<Issue> Read(JsonElement list, ProviderCatalogue catalogue, out IReadOnlyList<Fallback> fallbacks)
    {
        fallbacks = [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxEntries)
            return [new Issue([], $"Fallbacks must be a list of at most {MaxEntries} entries.")];
        var (read, issues) = (new List<Fallback>(), new List<Issue>());
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var (entry, member, message) = ReadEntry(item, catalogue);
            var at = index.ToString(CultureInfo.InvariantCulture);
            if (entry is not null) read.Add(entry);
            else issues.Add(new Issue(member is null ? [at] : [at, member], message));
        }

        fallbacks = read;
        return issues;
    }

    private static (Fallback? Entry, string? Member, string Message) ReadEntry(JsonElement item, ProviderCatalogue catalogue)
    {
        string? url = null, named = null, model = null;
        if (item.ValueKind == JsonValueKind.String)
        {
            if (item.GetString()!.Split('/', 2) is not [{ Length: > 0 } first, { Length: > 0 } rest]) return Shape();
            (named, model) = (first, rest);
        }
        else if (item.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in new[] { "url", "provider", "model" })
            {
                if (item.TryGetProperty(member, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                    return (null, member, $"{member} must be a string.");
            }

            (url, named, model) = (Text(item, "url"), Text(item, "provider"), Text(item, "model"));
            if (url is null && named is null) return Shape();
            if (model is null) return (null, "model", "model is required.");
        }
        else return Shape();

        CatalogueProvider? provider = null;
        EndpointMatch match = default;
        if (url is not null)
        {
            // Read as the forward proxy reads targets; the query is left out, for a key may stand in it.
            if (url.Length > MaxUrl
                || ForwardTarget.Parse($"{ForwardTarget.Prefix}/{url}") is not { Url: var target }
                || !TryChat(catalogue, target.Host, target.AbsolutePath, out match))
                return (null, "url", "url must be a chat endpoint of a provider in the catalogue, such as api.openai.com/v1/chat/completions.");
            (provider, url) = (match.Provider, target.Host + target.AbsolutePath);
        }

        if (named is not null)
        {
            if (catalogue.FindProvider(named) is not { } found) return (null, "provider", "The catalogue has no such provider.");
            if (provider is not null && provider.Id != found.Id) return (null, "provider", "url belongs to another provider.");
            provider = found;
        }

        if (catalogue.FindModel(provider!, model) is not { Kind: EndpointKind.Chat } offered) return (null, "model", "The provider has no such chat model.");
        if (match.Model is not null && catalogue.FindModel(provider!, match.Model)?.Id != offered.Id) return (null, "model", "url names another model.");
        url ??= AddressOf(catalogue, provider!, offered);
        return url is null ? (null, "provider", "The provider has no chat endpoint.") : (new Fallback(url, model, provider!.Id), null, "");
    }

    /// <summary>The address at which a provider serves a chat model: its first endpoint of the kind that does not always stream.</summary>
    private static string? AddressOf(ProviderCatalogue catalogue, CatalogueProvider provider, CatalogueModel model)
    {
        var host = new Uri(provider.BaseUrl).Host;
        foreach (var endpoint in provider.Endpoints)
        {
            if (endpoint is not { Kind: EndpointKind.Chat, Streams: false } || endpoint.Path.Contains("{id}", StringComparison.Ordinal)) continue;
            var path = endpoint.Path.Replace("{model}", Uri.EscapeDataString(model.Id), StringComparison.Ordinal);
            if (TryChat(catalogue, host, path, out var match) && match.Provider.Id == provider.Id) return host + path;
        }

        return null;
    }

    private static bool TryChat(ProviderCatalogue catalogue, string host, string path, out EndpointMatch match) =>
        catalogue.TryResolve("POST", host, path, out match) && match.Endpoint.Kind == EndpointKind.Chat;

    private static (Fallback? Entry, string? Member, string Message) Shape() =>
        (null, null, "An entry must be {\"url\":…,\"model\":…}, {\"provider\":…,\"model\":…} or \"provider/model\".");

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
