namespace Lava.Service.Webhooks;

/// <summary>What a webhook's deliveries are signed with.</summary>
/// <param name="Current">The secret.</param>
/// <param name="Previous">The one before it, while both are good; null otherwise.</param>
public sealed record WebhookSecrets(string Current, string? Previous)
{
    /// <summary>Its name alone, so that no log has a secret.</summary>
    public override string ToString() => nameof(WebhookSecrets);
}
