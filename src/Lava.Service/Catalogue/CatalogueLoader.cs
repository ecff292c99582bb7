using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>Loads the shipped catalogue and the operator's overrides.</summary>
public static class CatalogueLoader
{
    /// <summary>Loads it.</summary>
    /// <param name="overridesPath">The operator's file; null for none.</param>
    /// <exception cref="InvalidOperationException">An entry is wrong; the message names file and fault. Nothing is served by a wrong catalogue.</exception>
    public static ProviderCatalogue Load(string? overridesPath) => Load(overridesPath, []);

    /// <summary>Loads it with the deployments of Azure OpenAI.</summary>
    /// <param name="overridesPath">The operator's file; null for none.</param>
    /// <param name="azure">The operator's resources of Azure OpenAI.</param>
    /// <exception cref="InvalidOperationException">An entry is wrong; the message names file and fault. Nothing is served by a wrong catalogue.</exception>
    internal static ProviderCatalogue Load(string? overridesPath, IReadOnlyList<AzureResource> azure)
    {
        var providers = new List<CatalogueProvider>();
        var assembly = typeof(CatalogueLoader).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Catalogue/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            providers.Add(Read(name, () => JsonSerializer.Deserialize(file, CatalogueJson.Default.CatalogueProvider)));
        }

        if (!string.IsNullOrEmpty(overridesPath))
        {
            var overrides = Read(overridesPath, () => JsonSerializer.Deserialize(File.ReadAllBytes(overridesPath), CatalogueJson.Default.CatalogueOverrides));
            Apply(overrides, providers);
        }

        AddSharedModels(providers);
        PriceTools(providers);
        AzureResources.AddTo(providers, azure);
        var faults = CatalogueValidator.Validate(providers);
        return faults.Count == 0
            ? new ProviderCatalogue(providers)
            : throw new InvalidOperationException("The catalogue is wrong. " + string.Join(' ', faults));
    }

    // A model of a provider's own comes before one of the same name that it shares.
    private static void AddSharedModels(List<CatalogueProvider> providers)
    {
        for (var i = 0; i < providers.Count; i++)
        {
            if (providers[i].ModelsOf is not { } id) continue;
            var other = providers.Find(provider => provider.Id == id) ?? throw new InvalidOperationException($"The catalogue's provider {providers[i].Id} has the models of {id}, which does not exist.");
            var names = providers[i].Models.SelectMany(model => model.Aliases.Prepend(model.Id)).ToHashSet(StringComparer.Ordinal);
            providers[i] = providers[i] with { Models = [.. providers[i].Models, .. other.Models.Where(model => !model.Aliases.Prepend(model.Id).Any(names.Contains))] };
        }
    }

    /// <summary>Gives the prices of a provider's tools to its models that name none.</summary>
    private static void PriceTools(List<CatalogueProvider> providers)
    {
        for (var i = 0; i < providers.Count; i++)
        {
            if (providers[i].Tools is not { } tools) continue;
            var priced = providers[i].Models.Select(model =>
                model.Kind == EndpointKind.Chat && model.Price.Tools is null ? model with { Price = model.Price with { Tools = tools } } : model);
            providers[i] = providers[i] with { Models = [.. priced] };
        }
    }

    private static T Read<T>(string name, Func<T?> read)
        where T : class
    {
        try
        {
            return read() ?? throw new JsonException("It is null.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The catalogue file {name} cannot be read. {fault.Message}", fault);
        }
    }

    private static void Apply(CatalogueOverrides overrides, List<CatalogueProvider> providers)
    {
        foreach (var added in overrides.Providers ?? [])
        {
            providers.RemoveAll(provider => provider.Id == added.Id);
            providers.Add(added);
        }

        foreach (var (id, models) in overrides.Models ?? new Dictionary<string, IReadOnlyList<CatalogueModel>>())
        {
            var index = providers.FindIndex(provider => provider.Id == id);
            if (index < 0) throw new InvalidOperationException($"The catalogue overrides name the provider {id}, which does not exist.");
            var names = models.Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
            providers[index] = providers[index] with { Models = [.. providers[index].Models.Where(model => !names.Contains(model.Id)), .. models] };
        }
    }
}
