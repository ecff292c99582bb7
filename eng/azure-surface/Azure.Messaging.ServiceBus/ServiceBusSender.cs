namespace Azure.Messaging.ServiceBus;

public class ServiceBusSender
{
    protected ServiceBusSender() { }

    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) => throw ServiceBusClient.NoBroker();

    public virtual Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) => throw ServiceBusClient.NoBroker();
}
