using Lava.Service.Ports;

namespace Lava.Service.Queues;

/// <summary>Messages in hand; the partition's lease is renewed while they are.</summary>
internal sealed class TableQueueBatch : ISessionBatch
{
    private readonly TableQueue _queue;
    private readonly string _name;
    private readonly TableQueue.Bucket _bucket;
    private readonly ITimer _renewal;
    private int _isDisposed;

    public TableQueueBatch(TableQueue queue, string name, TableQueue.Bucket bucket, string session, IReadOnlyList<ReceivedMessage> messages, TimeSpan renewal, TimeProvider time)
    {
        _queue = queue;
        _name = name;
        _bucket = bucket;
        Session = session;
        Messages = messages;
        _renewal = time.CreateTimer(static state => _ = ((TableQueueBatch)state!).RenewAsync(), this, renewal, renewal);
    }

    public string Session { get; }

    public IReadOnlyList<ReceivedMessage> Messages { get; }

    public ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken) => _queue.CompleteAsync(_bucket.Partition, messages, cancellationToken);

    public ValueTask AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken) =>
        _queue.AbandonAsync(_name, _bucket.Partition, message, delay, cancellationToken);

    public ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken) =>
        _queue.DeadLetterAsync(_bucket.Partition, message, reason, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await _renewal.DisposeAsync();
        _queue.Release(_name, _bucket);
    }

    private async Task RenewAsync()
    {
        try
        {
            await _queue.RenewAsync(_bucket);
        }
        catch (TableStoreException)
        {
            // The lease runs out and the messages are delivered again, which their handler bears.
        }
    }
}
