using System.Text.Json.Serialization;

namespace Lava.Service.Webhooks;

/// <summary>A webhook on the wire (rest-api.md §2.8); the secret is there once, when it is made or rotated.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="WebhookSecret">The secret, once.</param>
/// <param name="PreviousSecretExpiresAt">Our own addition: until when deliveries are signed with the secret before this one too.</param>
internal sealed record WebhookResponse(
    string WebhookId,
    string Name,
    string Url,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WebhookSecret = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? PreviousSecretExpiresAt = null);
