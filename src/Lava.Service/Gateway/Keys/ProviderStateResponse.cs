namespace Lava.Service.Gateway.Keys;

/// <summary>How a merchant's calls reach a provider, our own addition.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Models">How many models the catalogue has of it.</param>
/// <param name="Key">Whose key calls take: <c>stored</c> (the merchant's), <c>managed</c> (the operator's), <c>none_needed</c> (a server of the operator's),
/// <c>sandbox</c> (test mode's own answers) or <c>missing</c>.</param>
/// <param name="Status"><c>ready</c>; <c>paused</c> where the provider keeps failing and this server leaves it alone for a while; <c>unavailable</c> without a
/// key.</param>
/// <param name="ApiReference">Where its API is documented; null where the catalogue does not say.</param>
internal sealed record ProviderStateResponse(string Provider, string Label, int Models, string Key, string Status, string? ApiReference);
