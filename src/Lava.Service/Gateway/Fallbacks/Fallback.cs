namespace Lava.Service.Gateway.Fallbacks;

/// <summary>A provider's model that is tried when the one before has failed (spec README, "fallback entry").</summary>
/// <param name="Url">Host and path of the provider's endpoint, without scheme or query.</param>
/// <param name="Model">The model, as it was named.</param>
/// <param name="Provider">The provider's id, our own addition.</param>
internal sealed record Fallback(string Url, string Model, string Provider);
