using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>Loads the shipped catalogue and the operator's overrides.</summary>
public static class CatalogueLoader
{
    /// <summary>Loads the shipped catalogue and the operator's overrides.</summary>
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
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("Catalogue/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            var json = new byte[file.Length];
            file.ReadExactly(json);
            providers.Add(Read(name, () => ShippedFile.Read(json)));
        }

        if (!string.IsNullOrEmpty(overridesPath))
        {
            var overrides = Read(overridesPath, () => JsonSerializer.Deserialize(File.ReadAllBytes(overridesPath), CatalogueJson.Default.CatalogueOverrides));
            Apply(overrides, providers);
        }

        AddSharedModels(providers);
        AzureResources.AddTo(providers, azure);
        var faults = CatalogueValidator.Validate(providers);
        return faults.Count == 0
            ? new ProviderCatalogue(providers)
            : throw new InvalidOperationException("The catalogue is invalid. " + string.Join(' ', faults));
    }

    // A model of a provider's own comes before one of the same name that it shares.
    private static void AddSharedModels(List<CatalogueProvider> providers)
    {
        for (var i = 0; i < providers.Count; i++)
        {
            if (providers[i].ModelsOf is not { } id) continue;
            var other = providers.Find(provider => provider.Id == id)
                ?? throw new InvalidOperationException($"The catalogue's provider {providers[i].Id} has the models of {id}, which does not exist.");
            var own = providers[i];
            IReadOnlyList<CatalogueModel> models = own.Models is LazyModels && other.Models is LazyModels
                ? new LazyModels(() => Shared(own, other), name => LazyModels.MayHave(own, name) || LazyModels.MayHave(other, name))
                : Shared(own, other);
            providers[i] = own with { Models = models };
        }
    }

    private static CatalogueModel[] Shared(CatalogueProvider own, CatalogueProvider other)
    {
        var names = own.Models.SelectMany(model => model.Aliases.Prepend(model.Id)).ToHashSet(StringComparer.Ordinal);
        var kinds = own.Endpoints.Select(endpoint => endpoint.Kind).ToHashSet();
        return [.. own.Models, .. other.Models.Where(model => kinds.Contains(model.Kind) && !model.Aliases.Prepend(model.Id).Any(names.Contains))];
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
            providers.Add(added with { Models = [.. added.Models.Select(model => ShippedFile.WithTools(model, added.Tools))] });
        }

        foreach (var (id, models) in overrides.Models ?? new Dictionary<string, IReadOnlyList<CatalogueModel>>())
        {
            var index = providers.FindIndex(provider => provider.Id == id);
            if (index < 0) throw new InvalidOperationException($"The catalogue overrides name the provider {id}, which does not exist.");
            var names = models.Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
            var tools = providers[index].Tools;
            var others = providers[index].Models.Where(model => !names.Contains(model.Id));
            providers[index] = providers[index] with { Models = [.. others, .. models.Select(model => ShippedFile.WithTools(model, tools))] };
        }
    }
}
