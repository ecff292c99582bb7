namespace Lava.Service.Fallbacks;

/// <summary>A provider's model that is tried when the one before has failed.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Model">The model.</param>
public sealed record Fallback(string Provider, string Model);
