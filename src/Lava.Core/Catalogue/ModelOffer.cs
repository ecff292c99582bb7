using Lava.Core.Catalogue.Profiles;

namespace Lava.Core.Catalogue;

/// <summary>A model as one provider serves it.</summary>
/// <param name="Provider">Who serves it.</param>
/// <param name="Model">The model and its price there.</param>
public readonly record struct ModelOffer(CatalogueProvider Provider, CatalogueModel Model)
{
    /// <summary>Where its price and profile are listed: its own entry's source or else its provider's; null where an operator's entry names none.</summary>
    public ModelSource? Source =>
        (Model.Source ?? Provider.Source) is { } url && (Model.Checked ?? Provider.Checked) is { } day ? new ModelSource(url, day) : null;

    /// <summary>All sources of what is known of it: that of its entry, then those of its family.</summary>
    public IReadOnlyList<ModelSource> Sources => [.. Source is { } own ? [own] : Array.Empty<ModelSource>(), .. ModelFamilies.SourcesOf(Model.Id)];
}
