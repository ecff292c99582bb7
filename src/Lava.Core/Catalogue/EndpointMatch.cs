namespace Lava.Core.Catalogue;

/// <summary>An endpoint of the catalogue that an address belongs to.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Model">The model that the path names; null where it names none.</param>
public readonly record struct EndpointMatch(CatalogueProvider Provider, ProviderEndpoint Endpoint, string? Model);
