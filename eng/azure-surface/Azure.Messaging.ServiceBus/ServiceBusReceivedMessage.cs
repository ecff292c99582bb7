namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage() { }

    public string MessageId { get; internal init; } = "";

    public string SessionId { get; internal init; } = "";

    public BinaryData Body { get; internal init; } = BinaryData.Empty;

    public int DeliveryCount { get; internal init; }

    public string LockToken { get; internal init; } = "";

    public string? DeadLetterReason { get; internal init; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; } = new Dictionary<string, object>();
}
