namespace Lava.Core.Catalogue;

/// <summary>Finds what is wrong with a catalogue before anything is served by it.</summary>
public static class CatalogueValidator
{
    /// <summary>What is wrong, a sentence each; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(IReadOnlyList<CatalogueProvider> providers)
    {
        var faults = new List<string>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in providers)
        {
            if (provider.Id.Length == 0 || !provider.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
                faults.Add($"{provider.Id}: an id has lower-case letters, digits and underscores.");
            if (!ids.Add(provider.Id)) faults.Add($"{provider.Id}: there are two providers of this id.");
            if (provider.Hosts.Count == 0) faults.Add($"{provider.Id}: it has no host.");
            if (!Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps) faults.Add($"{provider.Id}: its base address is not https.");
            foreach (var host in provider.Hosts)
            {
                foreach (var endpoint in provider.Endpoints)
                {
                    if (!addresses.Add($"{endpoint.Method} {host}{endpoint.Path}")) faults.Add($"{provider.Id}: {endpoint.Method} {host}{endpoint.Path} is there twice.");
                }
            }

            foreach (var endpoint in provider.Endpoints) Check(provider, endpoint, faults);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var model in provider.Models) Check(provider, model, names, faults);
        }

        return faults;
    }

    private static void Check(CatalogueProvider provider, ProviderEndpoint endpoint, List<string> faults)
    {
        var name = $"{provider.Id} {endpoint.Method} {endpoint.Path}";
        if (!endpoint.Path.StartsWith('/') || endpoint.Path.Contains("//", StringComparison.Ordinal) || endpoint.Path.Count(c => c == '{') > 1) faults.Add($"{name}: a path starts with one slash and has one hole at the most.");
        if (endpoint.RequestPrice < 0) faults.Add($"{name}: its price is negative.");
        if (endpoint.Kind == EndpointKind.Api && endpoint.RequestPrice is null) faults.Add($"{name}: an endpoint that is not billed by a model has a price.");
    }

    private static void Check(CatalogueProvider provider, CatalogueModel model, HashSet<string> names, List<string> faults)
    {
        var name = $"{provider.Id} {model.Id}";
        foreach (var known in model.Aliases.Prepend(model.Id))
        {
            if (!names.Add(known)) faults.Add($"{name}: the name {known} is another model's too.");
        }

        var price = model.Price;
        if (price is { Input: null, Characters: null, Minute: null, Image: null, Request: null }) faults.Add($"{name}: it has no price.");
        if (price.Input is not null && price.Output is null) faults.Add($"{name}: it has a price of input and none of output.");
        decimal?[] all = [price.Input, price.Output, price.CacheRead, price.CacheWrite, price.CacheWriteLong, price.AudioInput, price.AudioOutput, price.ImageInput, price.ImageOutput,
            price.Characters, price.Minute, price.Image, price.Request, price.LongContext?.Input, price.LongContext?.Output, price.LongContext?.CacheRead, price.LongContext?.CacheWrite];
        if (all.Any(part => part is < 0 or > 100_000)) faults.Add($"{name}: a price is negative or absurd.");
        if (model.ContextTokens <= 0 || model.MaxOutputTokens <= 0 || price.LongContext?.Above <= 0) faults.Add($"{name}: a bound is not positive.");
    }
}
