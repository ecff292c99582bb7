using Lava.Core.Catalogue.Profiles;

namespace Lava.Core.Catalogue;

/// <summary>Finds what is wrong with a catalogue before anything is served by it.</summary>
public static class CatalogueValidator
{
    /// <summary>What is wrong, a sentence each; empty when all is well. Models that are read later (<see cref="LazyModels"/>) are not looked at.</summary>
    public static IReadOnlyList<string> Validate(IReadOnlyList<CatalogueProvider> providers)
    {
        var faults = new List<string>();
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in providers)
        {
            if (provider.Id.Length == 0 || !provider.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
                faults.Add($"{provider.Id}: an id has lower-case letters, digits and underscores.");
            foreach (var known in provider.Aliases.Prepend(provider.Id))
            {
                if (!ids.Add(known)) faults.Add($"{provider.Id}: the name {known} is another provider's too.");
            }

            if (provider.Hosts.Count == 0) faults.Add($"{provider.Id}: it has no host.");
            if (provider.Endpoints.Count == 0) faults.Add($"{provider.Id}: it has no endpoint.");
            if (!Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
                faults.Add($"{provider.Id}: its base address is not https.");
            if (provider.ServiceType is not ("model" or "api")) faults.Add($"{provider.Id}: its service type is neither model nor api.");
            foreach (var host in provider.Hosts)
            {
                if (!IsHost(host))
                    faults.Add($"{provider.Id}: {host} is not a lower-case host name, or its star is not a whole label with two labels behind it.");
                foreach (var endpoint in provider.Endpoints)
                {
                    if (!addresses.Add($"{endpoint.Method} {host}{endpoint.Path}"))
                        faults.Add($"{provider.Id}: {endpoint.Method} {host}{endpoint.Path} is there twice.");
                }
            }

            if (!IsPriced(provider.Tools)) faults.Add($"{provider.Id}: a price of a tool is negative or absurd.");
            if (!IsAddress(provider.Source)) faults.Add($"{provider.Id}: a source is not an address.");
            foreach (var endpoint in provider.Endpoints) Check(provider, endpoint, faults);
            // They are checked by whoever ships them.
            if (provider.Models is LazyModels) continue;
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var model in provider.Models) Check(provider, model, names, faults);
        }

        return faults;
    }

    /// <summary>Whether each part of a price is of a unit that is known of the model's calls, so that none is served free: tokens where the format reports
    /// them, characters and pictures from the request, minutes from the answer or the recording.</summary>
    private static bool CanBeFormed(CatalogueProvider provider, CatalogueModel model)
    {
        var price = model.Price;
        if (price.Characters is not null && model.Kind != EndpointKind.Speech) return false;
        if (price.Minute is not null && model.Kind != EndpointKind.Transcription) return false;
        if (price.Image is not null && model.Kind != EndpointKind.Images) return false;
        if (price.Search is not null && model.Kind != EndpointKind.Rerank) return false;
        return price.Input is null
            || model.Kind is EndpointKind.Chat or EndpointKind.Completion or EndpointKind.Embeddings or EndpointKind.Rerank or EndpointKind.Moderation
            || !provider.Endpoints.Any(endpoint => endpoint.Kind == model.Kind && endpoint.Format != WireFormat.OpenAiMedia);
    }

    private static bool IsHost(string host)
    {
        var labels = host.Split('.');
        var star = Array.IndexOf(labels, "*");
        return labels.Length >= 2 && labels.Count(label => label == "*") <= 1 && (star < 0 || labels.Length - star > 2) && labels.All(label =>
            label == "*"
                || (label.Length > 0 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')));
    }

    private static void Check(CatalogueProvider provider, ProviderEndpoint endpoint, List<string> faults)
    {
        var name = $"{provider.Id} {endpoint.Method} {endpoint.Path}";
        if (!PathPattern.IsValid(endpoint.Path))
            faults.Add($"{name}: a path starts with one slash and has no empty segment; {{id}} is a segment of its own, and one {{model}} at most comes last.");
        if (endpoint.Method is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "*")) faults.Add($"{name}: it has no method that is known.");
        if (endpoint.OutputLimits?.All(limit => limit is "max_tokens" or "max_completion_tokens") == false)
            faults.Add($"{name}: its output limits are max_tokens and max_completion_tokens.");
        if (endpoint.Geo?.Any(char.IsAsciiLetterUpper) == true) faults.Add($"{name}: {endpoint.Geo} is not in lower case.");
        if (endpoint.RequestPrice < 0) faults.Add($"{name}: its price is negative.");
        if (endpoint.Kind == EndpointKind.Api && endpoint.RequestPrice is null) faults.Add($"{name}: an endpoint that is not billed by a model has a price.");
    }

    private static void Check(CatalogueProvider provider, CatalogueModel model, HashSet<string> names, List<string> faults)
    {
        var name = $"{provider.Id} {model.Id}";
        foreach (var known in model.Aliases.Prepend(model.Id))
        {
            if (known.Length == 0) faults.Add($"{name}: a name is empty.");
            else if (!names.Add(known)) faults.Add($"{name}: the name {known} is another model's too.");
        }

        var price = model.Price;
        if (price is { Input: null, Characters: null, Minute: null, Image: null, Search: null, Request: null })
            faults.Add($"{name}: it has no price; a free model says 0.");
        if (model.Kind is EndpointKind.Chat or EndpointKind.Completion or EndpointKind.Embeddings && price.Input is null && price.Request is null)
            faults.Add($"{name}: it takes tokens and has no price of them.");
        if (model.Kind is EndpointKind.CountTokens or EndpointKind.Metadata || model.Kind.IsOfAccount())
            faults.Add($"{name}: a model is not of a kind that is always free.");
        if (!CanBeFormed(provider, model)) faults.Add($"{name}: its price cannot be formed from what answers of its kind report or requests tell.");
        if (price.Input is not null && price.Output is null) faults.Add($"{name}: it has a price of input and none of output.");
        decimal?[] all =
        [
            price.Input, price.Output, price.CacheRead, price.CacheWrite, price.CacheWriteLong,
            price.AudioInput, price.AudioOutput, price.ImageInput, price.ImageOutput,
            price.Characters, price.Minute, price.Image, price.Search, price.Request,
        ];
        if (!all.All(IsPrice) || !IsPriced(price.Tools)) faults.Add($"{name}: a price is negative or absurd.");
        if (model.ContextTokens <= 0 || model.MaxOutputTokens <= 0) faults.Add($"{name}: a bound is not positive.");
        if (!IsAddress(model.Source)) faults.Add($"{name}: its source is not an address.");
        if (!ModelProfile.TryParse(model.Profile, out _, out var word)) faults.Add($"{name}: its profile has {word}, which is no word of a profile.");
        foreach (var rule in price.When) Check(name, rule, faults);
    }

    private static void Check(string name, PriceRule rule, List<string> faults)
    {
        decimal?[] all =
        [
            rule.Input, rule.Output, rule.CacheRead, rule.CacheWrite, rule.CacheWriteLong,
            rule.AudioInput, rule.AudioOutput, rule.ImageInput, rule.ImageOutput,
        ];
        if (!all.All(IsPrice) || rule.Factor is < 0 or > 100) faults.Add($"{name}: a price of a rule is negative or absurd.");
        if (rule.Factor is null && all.All(part => part is null)) faults.Add($"{name}: a rule changes no price.");
        if (rule.Above is null && rule.From is null && rule.Until is null && rule.Hours is null && rule.Days is null
            && (rule.Tier ?? rule.Speed ?? rule.Geo) is null)
            faults.Add($"{name}: a rule has no condition.");
        if (rule.Above <= 0) faults.Add($"{name}: a bound is not positive.");
        if (rule.From > rule.Until) faults.Add($"{name}: a rule ends before it starts.");
        foreach (var span in rule.Hours ?? [])
        {
            if (!PriceTimes.IsSpan(span)) faults.Add($"{name}: {span} is no span of hours, HH:mm-HH:mm in UTC, that ends after its start.");
        }

        foreach (var day in rule.Days ?? [])
        {
            if (!PriceTimes.IsDay(day)) faults.Add($"{name}: {day} is no day: mon, tue, wed, thu, fri, sat, sun.");
        }

        foreach (var term in new[] { rule.Tier, rule.Speed, rule.Geo })
        {
            if (term?.Any(char.IsAsciiLetterUpper) == true) faults.Add($"{name}: {term} is not in lower case.");
        }
    }

    private static bool IsAddress(string? source) => source is null || source.StartsWith("https://", StringComparison.Ordinal);

    private static bool IsPrice(decimal? price) => price is null or (>= 0 and <= 100_000);

    private static bool IsPriced(ToolPrices? tools) =>
        tools is null || (IsPrice(tools.WebSearch) && IsPrice(tools.WebSearchPreview) && IsPrice(tools.XSearch)
            && IsPrice(tools.FileSearch) && IsPrice(tools.CodeExecution) && IsPrice(tools.GroundedAnswer));
}
