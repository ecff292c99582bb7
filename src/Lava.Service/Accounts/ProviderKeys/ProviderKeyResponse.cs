namespace Lava.Service.Accounts.ProviderKeys;

/// <summary>A merchant's keys at a provider on the wire. The keys are never shown again.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="KeyPreviews">The last four characters of each key, in order; null for one that is too short to show any.</param>
/// <param name="CreatedAt">When keys were first stored.</param>
/// <param name="UpdatedAt">When these were.</param>
internal sealed record ProviderKeyResponse(string Provider, IReadOnlyList<string?> KeyPreviews, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
