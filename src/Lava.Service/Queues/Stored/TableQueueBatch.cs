using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Queues.Stored;

/// <summary>Messages in hand; the partition's lease is renewed while they are.</summary>
internal sealed class TableQueueBatch : ISessionBatch
{
    private readonly TableQueue _queue;
    private readonly string _name;
    private readonly QueueBucket _bucket;
    private readonly bool _hasMore;
    private readonly TimeProvider _time;
    private readonly ITimer _renewal;
    private readonly Dictionary<string, StoredMessage> _open;
    private bool _isLost;
    private int _isDisposed;

    public TableQueueBatch(
        TableQueue queue,
        string name,
        QueueBucket bucket,
        DueBatch due,
        IReadOnlyList<ReceivedMessage> messages,
        TimeSpan renewal,
        TimeProvider time)
    {
        (_queue, _name, _bucket, _hasMore, _time) = (queue, name, bucket, due.HasMore, time);
        Session = due.Session;
        Messages = messages;
        _open = due.Messages.ToDictionary(m => m.Key, m => m.Message, StringComparer.Ordinal);
        _renewal = time.CreateTimer(static state => _ = ((TableQueueBatch)state!).RenewAsync(), this, renewal, renewal);
    }

    public string Session { get; }

    public IReadOnlyList<ReceivedMessage> Messages { get; }

    public async ValueTask CompleteAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var done = messages.Where(message => _open.ContainsKey(message.Receipt)).DistinctBy(message => message.Receipt).ToArray();
        if (done.Length == 0) return;
        var writes = new List<TableWrite>(2 * done.Length);
        foreach (var message in done)
        {
            writes.Add(TableWrite.Delete(message.Receipt));
            writes.Add(TableWrite.Delete(QueueRows.Body(message.Id)));
        }

        await EndAsync(done, writes, cancellationToken);
    }

    /// <summary>Always: a message that waits has its session wait.</summary>
    public bool KeepsOrder => true;

    public async ValueTask<bool> AbandonAsync(ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(message.Receipt, out var stored)) return true;
        var isDelayed = delay > TimeSpan.Zero;
        await EndAsync(
            [message],
            [.. _queue.Fail(message.Receipt, stored, isDelayed ? _time.GetUtcNow() + delay : null, isDelayed ? delay : null)],
            cancellationToken);
        return !_queue.IsLast(stored);
    }

    public async ValueTask PostponeAsync(IReadOnlyList<ReceivedMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        var open = messages.Where(message => _open.ContainsKey(message.Receipt)).DistinctBy(message => message.Receipt).ToArray();
        if (open.Length == 0) return;
        var now = _time.GetUtcNow();
        List<TableWrite> writes = delay <= TimeSpan.Zero
            ? []
            : [.. open.Select(message => (message.Receipt, Stored: _open[message.Receipt])).Select(one =>
                QueueRows.Put(one.Receipt, one.Stored with { NotBefore = now + delay, Wait = delay, Waits = one.Stored.Waits + 1 }))];
        await EndAsync(open, writes, cancellationToken);
    }

    public async ValueTask DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken)
    {
        if (!_open.TryGetValue(message.Receipt, out var stored)) return;
        var dead = stored with { Attempts = stored.Attempts + 1 };
        await EndAsync([message], [.. QueueRows.Bury(message.Receipt, dead, reason, _time.GetUtcNow())], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await _renewal.DisposeAsync();
        try
        {
            // Neither done nor given up: a delivery that failed. Where the store failed it was not theirs, and they stay as they are.
            if (_open.Count > 0 && !_isLost)
                await _bucket.CommitAsync([.. _open.SelectMany(m => _queue.Fail(m.Key, m.Value))], isGivenBack: false, CancellationToken.None);
        }
        catch (Exception e) when (e is SessionLostException or TableStoreException or ObjectDisposedException)
        {
            // They are delivered again as they are, here or where the lease went.
        }

        _queue.Leave(_name, _bucket);
    }

    private async ValueTask EndAsync(ReceivedMessage[] messages, List<TableWrite> writes, CancellationToken cancellationToken)
    {
        // The last change gives the lease back where no more work was seen: one transaction, and another instance need not wait for it to run out.
        try
        {
            await _bucket.CommitAsync(writes, isGivenBack: messages.Length == _open.Count && !_hasMore, cancellationToken);
        }
        catch (TableStoreException)
        {
            _isLost = true;
            throw;
        }

        foreach (var message in messages) _open.Remove(message.Receipt);
    }

    private async Task RenewAsync()
    {
        try
        {
            await _bucket.RenewAsync();
        }
        catch (Exception e) when (e is TableStoreException or ObjectDisposedException)
        {
            // The lease is lost and the messages are delivered again, which their handler bears.
        }
    }
}
