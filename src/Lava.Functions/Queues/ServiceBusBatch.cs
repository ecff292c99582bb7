using Azure.Messaging.ServiceBus;
using Lava.Service.Ports.Queues;

namespace Lava.Functions.Queues;

/// <summary>Messages of one broker session, which is locked meanwhile.
/// <para>A message that waits is sent anew, scheduled (<see cref="BrokerMessages"/>), and its session overtakes it. Service Bus could keep the order only by
/// holding the session, and a paid
/// instance with it, for as long as the wait, or by giving the message out again at once, ten times within a second. What must not overtake waits by marks
/// (<see cref="Lava.Service.Queues.HeldMessages"/>).</para></summary>
internal sealed class ServiceBusBatch(
    string queue,
    IReadOnlyList<ServiceBusReceivedMessage> messages,
    BrokerSettlement settlement,
    ServiceBusSenders senders,
    TimeProvider time,
    Func<ValueTask>? release = null) : ISessionBatch
{
    /// <summary>Deliveries of a message that fails by its own fault before it goes to the dead letters: as many as the broker makes.</summary>
    public const int MaxAttempts = 10;

    // The broker takes 4,096 characters.
    private const int MaxReason = 2_000;

    private readonly Dictionary<string, ServiceBusReceivedMessage> _byLock = messages.ToDictionary(message => message.LockToken, StringComparer.Ordinal);

    public string Session => messages[0].SessionId;

    public bool KeepsOrder => false;

    public IReadOnlyList<ReceivedMessage> Messages { get; } = [.. messages.Select(BrokerMessages.FromBroker)];

    public async ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken) =>
        await SettleAsync(messages, settlement.Complete);

    public async ValueTask<bool> AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (message.Attempt >= MaxAttempts)
        {
            await DeadLetterAsync(message, $"It was delivered {message.Attempt} times without success.", cancellationToken);
            return false;
        }

        if (delay <= TimeSpan.Zero) await SettleAsync([message], received => settlement.Abandon(received, null));
        else await CopyAsync([message], time.GetUtcNow() + delay, isFailure: true);
        return true;
    }

    public async ValueTask PostponeAsync(IReadOnlyList<ReceivedMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        // Given back in their place as long as the broker, which counts deliveries itself, makes no dead letter of them.
        if (delay <= TimeSpan.Zero && messages.All(message => _byLock[message.Receipt].DeliveryCount < MaxAttempts - 1)) await GiveBackAsync(messages);
        else await CopyAsync(messages, delay > TimeSpan.Zero ? time.GetUtcNow() + delay : null, isFailure: false);
    }

    public async ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        await SettleAsync([message], received => settlement.DeadLetter(received, reason.Length > MaxReason ? reason[..MaxReason] : reason));

    public ValueTask DisposeAsync() => release is null ? ValueTask.CompletedTask : release();

    private Task GiveBackAsync(IReadOnlyList<ReceivedMessage> messages) =>
        SettleAsync(messages, received => settlement.Abandon(received, BrokerMessages.Uncounted(received)));

    /// <summary>Sends copies in order, all due at one time so that they come back together, and then completes what they copy. Who dies in between has both
    /// delivered.</summary>
    private async Task CopyAsync(IReadOnlyList<ReceivedMessage> messages, DateTimeOffset? due, bool isFailure)
    {
        try
        {
            List<ServiceBusMessage> copies = [.. messages.Select(message => BrokerMessages.Again(_byLock[message.Receipt], due, isFailure))];
            await senders.SendAsync(queue, copies, CancellationToken.None);
        }
        catch (Exception fault) when (settlement.Failed is not null)
        {
            // Without a copy they must not be completed. The broker gives them out at once.
            settlement.Failed(messages.Count, fault);
            await GiveBackAsync(messages);
            return;
        }

        await SettleAsync(messages, settlement.Complete);
    }

    // One whose lock is lost is delivered again; that must not keep the others from being settled. Nor must a shutdown: what is done would be worked on twice.
    private Task SettleAsync(IReadOnlyList<ReceivedMessage> messages, Func<ServiceBusReceivedMessage, Task> settle) =>
        Task.WhenAll(messages.Select(async message =>
        {
            try
            {
                await settle(_byLock[message.Receipt]);
            }
            catch (Exception fault) when (settlement.Failed is not null)
            {
                settlement.Failed(1, fault);
            }
        }));
}
