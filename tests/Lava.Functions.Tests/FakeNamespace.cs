using Azure.Messaging.ServiceBus;

namespace Lava.Functions.Tests;

/// <summary>A namespace that keeps what is sent to it, batch by batch.</summary>
internal sealed class FakeNamespace(int perBatch = int.MaxValue) : ServiceBusClient
{
    public List<List<ServiceBusMessage>> Sent { get; } = [];

    public List<string> Senders { get; } = [];

    public bool IsAway { get; set; }

    public override ServiceBusSender CreateSender(string queueOrTopicName)
    {
        Senders.Add(queueOrTopicName);
        return new Sender(this, perBatch);
    }

    private sealed class Sender(FakeNamespace bus, int perBatch) : ServiceBusSender
    {
        private List<ServiceBusMessage> _current = [];

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            var store = _current = [];
            return ValueTask.FromResult(ServiceBusModelFactory.ServiceBusMessageBatch(0, store, null, _ => store.Count < perBatch));
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            if (bus.IsAway) throw new ServiceBusException("Away.", ServiceBusFailureReason.ServiceCommunicationProblem);
            bus.Sent.Add([.. _current]);
            return Task.CompletedTask;
        }
    }
}
