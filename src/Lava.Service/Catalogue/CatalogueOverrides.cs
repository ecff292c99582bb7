using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>An operator's own entries (docs/catalogue.md): whole providers, and models added to or replacing those of shipped ones.</summary>
/// <param name="Providers">Providers to add, or to put in place of those of the same id.</param>
/// <param name="Models">Models by provider id; one of a known name replaces it.</param>
internal sealed record CatalogueOverrides(IReadOnlyList<CatalogueProvider>? Providers, IReadOnlyDictionary<string, IReadOnlyList<CatalogueModel>>? Models);
