using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Lava.Functions.Tests;

/// <summary>A queue of Service Bus as its documentation has it: sessions in the order in which messages were enqueued, those that are scheduled when they are
/// due; what is abandoned keeps its
/// place, and is a dead letter after so many deliveries; duplicates by id are dropped.</summary>
internal sealed class FakeBroker(FakeNamespace bus, TimeProvider time, int maxDeliveries)
{
    private readonly List<Stored> _stored = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private int _taken;
    private long _sequence;

    /// <summary>Ids of the dead letters, the sender's.</summary>
    public List<string> Dead { get; } = [];

    /// <summary>How many dead letters the broker made of its own.</summary>
    public int MadeDead { get; private set; }

    /// <summary>The first messages of the next session that has any, for a batch of at most so many; null where nothing is due.</summary>
    public (IReadOnlyList<ServiceBusReceivedMessage> Messages, ServiceBusMessageActions Actions)? Receive(int max)
    {
        Enqueue();
        var first = _stored.Where(one => one.Sequence is not null).MinBy(one => one.Sequence);
        if (first is null) return null;
        var batch = _stored.Where(one => one.Sequence is not null && one.Message.SessionId == first.Message.SessionId).OrderBy(one => one.Sequence).Take(max).ToList();
        foreach (var one in batch) one.Deliver();
        return ([.. batch.Select(one => one.Received!)], new Actions(this));
    }

    /// <summary>Loses what it has.</summary>
    public void Lose() => _stored.Clear();

    private void Enqueue()
    {
        foreach (var message in bus.Sent.SelectMany(sent => sent).Skip(_taken))
        {
            _taken++;
            if (_ids.Add(message.MessageId)) _stored.Add(new Stored(message));
        }

        // A scheduled message takes its place when it is due.
        foreach (var one in _stored.Where(one => one.Sequence is null && one.Message.ScheduledEnqueueTime <= time.GetUtcNow()).OrderBy(one => one.Message.ScheduledEnqueueTime)) one.Sequence = ++_sequence;
    }

    private Stored Find(ServiceBusReceivedMessage message) => _stored.Single(one => one.Received?.LockToken == message.LockToken);

    private void Bury(Stored one)
    {
        _stored.Remove(one);
        Dead.Add(one.Message.ApplicationProperties.TryGetValue("lava-id", out var id) ? (string)id : one.Message.MessageId);
    }

    private sealed class Stored(ServiceBusMessage message)
    {
        public ServiceBusMessage Message => message;

        public long? Sequence { get; set; }

        public int Deliveries { get; private set; }

        public ServiceBusReceivedMessage? Received { get; private set; }

        public void Deliver()
        {
            Deliveries++;
            Received = ServiceBusModelFactory.ServiceBusReceivedMessage(
                message.Body, message.MessageId, sessionId: message.SessionId, properties: new Dictionary<string, object>(message.ApplicationProperties), lockTokenGuid: Guid.NewGuid(), deliveryCount: Deliveries);
        }
    }

    private sealed class Actions(FakeBroker broker) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            broker._stored.Remove(broker.Find(message));
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            var one = broker.Find(message);
            foreach (var (name, value) in propertiesToModify ?? new Dictionary<string, object>()) one.Message.ApplicationProperties[name] = value;
            if (one.Deliveries < broker.Max) return Task.CompletedTask;
            broker.MadeDead++;
            broker.Bury(one);
            return Task.CompletedTask;
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message,
            Dictionary<string, object>? propertiesToModify = null,
            string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default)
        {
            broker.Bury(broker.Find(message));
            return Task.CompletedTask;
        }
    }

    private int Max => maxDeliveries;
}
