using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Lava.Functions.Queues;

/// <summary>Sends to Service Bus. A sender holds a link to the broker and lives as long as the app; each queue has one.</summary>
/// <param name="client">The namespace; null where no Service Bus is configured.</param>
public sealed class ServiceBusSenders(ServiceBusClient? client)
{
    private readonly ConcurrentDictionary<string, Lazy<ServiceBusSender>> _senders = new(StringComparer.Ordinal);

    /// <summary>Sends messages in order, in as few broker operations as their size allows.</summary>
    /// <exception cref="ArgumentException">A message is larger than the queue takes; those before it may have been sent.</exception>
    internal async ValueTask SendAsync(string queue, IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancellationToken)
    {
        if (client is null)
        {
            throw new InvalidOperationException($"Set {AzureHead.ServiceBusConnection} to a connection string, or "
                + $"{AzureHead.ServiceBusConnection}__fullyQualifiedNamespace.");
        }
        var sender = _senders.GetOrAdd(queue, static (name, client) => new Lazy<ServiceBusSender>(() => client.CreateSender(name)), client).Value;
        for (var next = 0; next < messages.Count;)
        {
            // A batch is one broker operation and has a size; what does not fit goes into another, in order.
            using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            var first = next;
            while (next < messages.Count && batch.TryAddMessage(messages[next])) next++;
            if (next == first) throw new ArgumentException($"The message {messages[next].MessageId} is larger than the queue takes.", nameof(messages));
            await sender.SendMessagesAsync(batch, cancellationToken);
        }
    }
}
