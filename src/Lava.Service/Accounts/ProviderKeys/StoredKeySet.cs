namespace Lava.Service.Accounts.ProviderKeys;

/// <summary>A merchant's keys at a provider, as the row has them; the keys themselves are in the vault.</summary>
/// <param name="Provider">The provider's id.</param>
/// <param name="Secret">Name of the keys' secret in the vault, a new one with each setting.</param>
/// <param name="Previews">The last four characters of each key; null for one that is too short to show any.</param>
/// <param name="CreatedAt">When keys were first stored.</param>
/// <param name="UpdatedAt">When these were.</param>
internal sealed record StoredKeySet(string Provider, string Secret, IReadOnlyList<string?> Previews, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
