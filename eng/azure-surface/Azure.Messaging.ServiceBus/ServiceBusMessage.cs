namespace Azure.Messaging.ServiceBus;

public class ServiceBusMessage(BinaryData body)
{
    public BinaryData Body { get; set; } = body;

    public string MessageId { get; set; } = "";

    public string SessionId { get; set; } = "";

    public string ContentType { get; set; } = "";

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();
}
