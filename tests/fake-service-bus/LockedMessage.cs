using Amqp;

namespace Lava.ServiceBusFake;

/// <summary>A message on its way to a receiver, under a lock, whose token is the delivery's tag.</summary>
internal sealed class LockedMessage : Message
{
    public LockedMessage(Message message, Guid lockToken)
    {
        (LockToken, Header, DeliveryAnnotations, MessageAnnotations) = (lockToken, message.Header, message.DeliveryAnnotations, message.MessageAnnotations);
        (Properties, ApplicationProperties, BodySection, Footer) = (message.Properties, message.ApplicationProperties, message.BodySection, message.Footer);
    }

    public Guid LockToken { get; }
}
