namespace Lava.Service.Webhooks.Deliveries;

/// <summary>An event on its way to a webhook, or by mail to an address.</summary>
public sealed record Delivery
{
    /// <summary><c>whd_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The event's id, the same for every webhook and every attempt.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's name.</summary>
    public required string Event { get; init; }

    /// <summary>The address that it is mailed to; null where it goes to a webhook.</summary>
    public string? Recipient { get; init; }

    /// <summary>A mail's subject; null where it goes to a webhook.</summary>
    public string? Subject { get; init; }

    /// <summary>What is sent, byte for byte the same at every attempt: JSON, or a mail's text.</summary>
    public required string Body { get; init; }

    /// <summary>What became of it.</summary>
    public DeliveryStatus Status { get; init; }

    /// <summary>Attempts made.</summary>
    public int Attempts { get; init; }

    /// <summary>The attempt that was begun last, by the plan; 0 before the first. Each is begun once, however often it is asked for.</summary>
    public int Begun { get; init; }

    /// <summary>HTTP status of the last answer, or a mail server's reply code; null where there was none.</summary>
    public int? LastStatusCode { get; init; }

    /// <summary>Why the last attempt failed; null where it did not.</summary>
    public string? LastError { get; init; }

    /// <summary>When it is tried next; null when it is not.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the event was published.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the receiver took it.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }
}
