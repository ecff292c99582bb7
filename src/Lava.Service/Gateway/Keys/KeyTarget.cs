using Lava.Core.Catalogue;

namespace Lava.Service.Gateway.Keys;

/// <summary>What a call asks for at its provider, where the key depends on it.</summary>
/// <param name="Host">Host of the call's address.</param>
/// <param name="Model">The model; null where the endpoint is not priced by one.</param>
/// <param name="ModelName">The model as the caller names it; null where it names none.</param>
internal readonly record struct KeyTarget(string Host, CatalogueModel? Model, string? ModelName);
