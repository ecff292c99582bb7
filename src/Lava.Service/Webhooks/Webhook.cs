namespace Lava.Service.Webhooks;

/// <summary>An address to which a merchant's events are delivered. Its signing secret is in the vault.</summary>
/// <param name="Id"><c>wh_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">The address.</param>
/// <param name="Slot">Which of the tenant's places it takes, from 0.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Webhook(string Id, string Name, string Url, int Slot, DateTimeOffset CreatedAt);
