using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Lava.Functions.Tests;

/// <summary>A namespace that keeps what is sent to it, batch by batch; from many threads at once, as the client's senders are used.</summary>
internal sealed class FakeNamespace(int perBatch = int.MaxValue) : ServiceBusClient
{
    private readonly Lock _gate = new();

    public List<List<ServiceBusMessage>> Sent { get; } = [];

    public List<string> Senders { get; } = [];

    public bool IsAway { get; set; }

    /// <summary>What the next session to be accepted holds; null: there is none.</summary>
    public IReadOnlyList<ServiceBusReceivedMessage>? Waiting { get; set; }

    /// <summary>The dead letters of every queue.</summary>
    public List<ServiceBusReceivedMessage> Dead { get; } = [];

    /// <summary>How messages were settled, and when something was sent in between.</summary>
    public List<string> Log { get; } = [];

    public override ServiceBusSender CreateSender(string queueOrTopicName)
    {
        lock (_gate) Senders.Add(queueOrTopicName);
        return new Sender(this, perBatch);
    }

    public override Task<ServiceBusSessionReceiver> AcceptNextSessionAsync(string queueName, ServiceBusSessionReceiverOptions? options = null, CancellationToken cancellationToken = default) =>
        Waiting is null ? throw new ServiceBusException("None.", ServiceBusFailureReason.ServiceTimeout) : Task.FromResult<ServiceBusSessionReceiver>(new SessionOf(this, Waiting));

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) =>
        options.SubQueue == SubQueue.DeadLetter ? new DeadOf(this) : throw new InvalidOperationException("A queue with sessions is received from by session.");

    private sealed class DeadOf(FakeNamespace bus) : ServiceBusReceiver
    {
        private int _given;

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. bus.Dead.Take(maxMessages)]);

        // Two at a time, so that one that is looked for lies behind others; what is held is not given out again.
        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            IReadOnlyList<ServiceBusReceivedMessage> next = [.. bus.Dead.Skip(_given).Take(2)];
            _given += next.Count;
            return Task.FromResult(next);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            bus.Log.Add($"complete {message.MessageId}");
            bus.Dead.Remove(message);
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            bus.Log.Add($"abandon {message.MessageId}");
            return Task.CompletedTask;
        }

#pragma warning disable CA2215 // The base closes a link that a receiver without a connection does not have.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
    }

    private sealed class SessionOf(FakeNamespace bus, IReadOnlyList<ServiceBusReceivedMessage> messages) : ServiceBusSessionReceiver
    {
        public override string SessionId => messages[0].SessionId;

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. messages.Take(maxMessages)]);

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Note($"complete {message.MessageId}");

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
            Note($"abandon {message.MessageId}");

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
            Note($"dead {message.MessageId} {deadLetterReason}");

#pragma warning disable CA2215 // The base closes a link that a receiver without a connection does not have.
        public override ValueTask DisposeAsync()
        {
            bus.Log.Add("released");
            return ValueTask.CompletedTask;
        }
#pragma warning restore CA2215

        private Task Note(string line)
        {
            lock (bus._gate) bus.Log.Add(line);
            return Task.CompletedTask;
        }
    }

    private sealed class Sender(FakeNamespace bus, int perBatch) : ServiceBusSender
    {
        private readonly ConcurrentDictionary<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = new();

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            var store = new List<ServiceBusMessage>();
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(0, store, null, _ => store.Count < perBatch);
            _batches[batch] = store;
            return ValueTask.FromResult(batch);
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            if (bus.IsAway) throw new ServiceBusException("Away.", ServiceBusFailureReason.ServiceCommunicationProblem);
            var messages = _batches[messageBatch];
            lock (bus._gate)
            {
                bus.Sent.Add(messages);
                bus.Log.AddRange(messages.Select(message => $"send {message.MessageId}"));
            }

            return Task.CompletedTask;
        }
    }
}
