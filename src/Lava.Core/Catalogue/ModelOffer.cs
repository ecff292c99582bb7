namespace Lava.Core.Catalogue;

/// <summary>A model as one provider serves it.</summary>
/// <param name="Provider">Who serves it.</param>
/// <param name="Model">The model and its price there.</param>
public readonly record struct ModelOffer(CatalogueProvider Provider, CatalogueModel Model);
