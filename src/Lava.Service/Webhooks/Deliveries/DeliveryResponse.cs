using System.Text.Json.Serialization;

namespace Lava.Service.Webhooks.Deliveries;

/// <summary>A delivery on the wire, our own addition; <c>status</c> is <c>pending</c>, <c>succeeded</c> or <c>failed</c>; <c>recipient</c> is there where it is
/// mailed.</summary>
internal sealed record DeliveryResponse(
    string DeliveryId,
    string EventId,
    string Event,
    string Status,
    int Attempts,
    int? LastStatusCode,
    string? LastError,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DeliveredAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Recipient = null);
