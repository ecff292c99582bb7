using System.Text.Json.Serialization;

namespace Lava.Service.Webhooks;

/// <summary>A webhook on the wire (rest-api.md §2.8); the secret is there once, when it is made.</summary>
public sealed record WebhookResponse(
    string WebhookId,
    string Name,
    string Url,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WebhookSecret = null);
