namespace Lava.Service.Webhooks;

/// <summary>An address to which a merchant's events are delivered. Its signing secrets are in the vault.</summary>
/// <param name="Id"><c>wh_…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">The address.</param>
/// <param name="Slot">Which of the tenant's places it takes, from 0.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Webhook(string Id, string Name, string Url, int Slot, DateTimeOffset CreatedAt)
{
    /// <summary>The secret's name in the vault; null for the one that the webhook was made with.</summary>
    public string? Secret { get; init; }

    /// <summary>The name of the secret before it, which is good until <see cref="PreviousUntil"/>; null where it was never rotated with an overlap.</summary>
    public string? PreviousSecret { get; init; }

    /// <summary>Until when deliveries are signed with the previous secret too.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }
}
