using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>A message that a queue keeps.</summary>
/// <param name="sequence">Its number in the queue.</param>
/// <param name="id">The sender's id.</param>
/// <param name="session">Its session.</param>
/// <param name="encoded">It, as it was sent.</param>
/// <param name="enqueuedAt">When it came, or comes, into the queue.</param>
internal sealed class BusMessage(long sequence, string id, string session, byte[] encoded, DateTimeOffset enqueuedAt)
{
    public long Sequence => sequence;

    public string Id => id;

    public string Session => session;

    public DateTimeOffset EnqueuedAt => enqueuedAt;

    /// <summary>How often it was given out.</summary>
    public int Deliveries { get; set; }

    /// <summary>The lock under which somebody has it.</summary>
    public Guid? LockToken { get; set; }

    /// <summary>Properties that receivers have changed.</summary>
    public Dictionary<string, object> Changed { get; } = new(StringComparer.Ordinal);

    public (string Reason, string? Description)? Death { get; set; }

    /// <summary>It, as a receiver gets it, with what the broker notes on it.</summary>
    public Message Read(DateTimeOffset? lockedUntil)
    {
        var message = Message.Decode(new ByteBuffer((byte[])encoded.Clone(), 0, encoded.Length, encoded.Length));
        message.Header ??= new Header();

        // Earlier deliveries; the client adds the present one.
        message.Header.DeliveryCount = (uint)Math.Max(0, Deliveries - (lockedUntil is null ? 0 : 1));
        message.MessageAnnotations ??= new MessageAnnotations();
        message.MessageAnnotations[new Symbol("x-opt-sequence-number")] = sequence;
        message.MessageAnnotations[new Symbol("x-opt-enqueued-time")] = enqueuedAt.UtcDateTime;
        if (lockedUntil is { } until) message.MessageAnnotations[new Symbol("x-opt-locked-until")] = until.UtcDateTime;
        if (Changed.Count > 0 || Death is not null) message.ApplicationProperties ??= new ApplicationProperties();
        foreach (var (name, value) in Changed) message.ApplicationProperties![name] = value;
        if (Death is not { } death) return message;
        message.ApplicationProperties!["DeadLetterReason"] = death.Reason;
        if (death.Description is not null) message.ApplicationProperties!["DeadLetterErrorDescription"] = death.Description;
        return message;
    }
}
