using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Queues.Stored;

/// <summary>A durable queue with sessions over any table store. Sessions are spread over a few partitions; an instance holds a partition by a lease and keeps
/// it while it finds work there, so that a batch of a backlog costs one write. An instance that died loses its partitions when its leases run out, and what it
/// may have had in hand counts as a failed delivery. The order between instances is that of their clocks.</summary>
public sealed class TableQueue(ITableStore tables, TableQueueOptions options, TimeProvider time) : IMessageQueue, IAsyncDisposable
{
    /// <summary>More than a message's place takes of a transaction.</summary>
    private const int PlaceBytes = 4_096;

    private readonly string _owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, QueueBucket> _buckets = new(StringComparer.Ordinal);
    // Without the lock two messages of one moment could get one place, or a later message the earlier one.
    private readonly Lock _ordering = new();
    private long _lastTicks;
    private long _sequence;

    /// <summary>Sends messages, as many in a transaction as fit. One whose id is still stored, waiting or dead, is dropped.</summary>
    /// <inheritdoc/>
    public async ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        OutgoingMessage.Check(messages);
        var partition = Partition(queue, BucketOf(messages[0].Session));
        var chunk = new List<OutgoingMessage>(messages.Count);
        var ids = messages.Count > 1 ? new HashSet<string>(messages.Count, StringComparer.Ordinal) : null;
        var bytes = 0;
        foreach (var message in messages)
        {
            if (ids?.Add(message.Id) == false) continue;

            // Its place is another row: short keys and a few hundred bytes.
            var size = TableLimits.OnWire(partition, QueueRows.Body(message.Id), message.Body.Span) + PlaceBytes;
            if (chunk.Count == TableLimits.MaxWrites / 2 || bytes + size > TableLimits.MaxTransactionBytes)
            {
                await SendAsync(partition, chunk, cancellationToken);
                chunk.Clear();
                bytes = 0;
            }

            chunk.Add(message);
            bytes += size;
        }

        await SendAsync(partition, chunk, cancellationToken);
        SignalOf(queue).Set();
    }

    /// <inheritdoc/>
    public async ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        var max = Math.Min(maxMessages, QueueRows.MaxBatch);
        var end = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            var start = Random.Shared.Next(options.Buckets);
            for (var i = 0; i < options.Buckets; i++)
            {
                var bucket = BucketOf(queue, (start + i) % options.Buckets);
                if (await TryReceiveAsync(queue, bucket, max, cancellationToken) is { } batch) return batch;
            }

            var left = time.GetElapsedTime(time.GetTimestamp(), end);
            if (left <= TimeSpan.Zero) return null;
            await SignalOf(queue).WaitAsync(left < options.PollPeriod ? left : options.PollPeriod, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<QueueDepth> MeasureAsync(string queue, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (waiting, dead) = (0, 0);
        long? oldest = null;
        for (var i = 0; i < options.Buckets; i++)
        {
            var partition = Partition(queue, i);
            var sent = await KeysAsync(partition, QueueRows.Sent, QueueDepth.Most - waiting, cancellationToken);
            waiting += sent.Count;
            var delayed = await KeysAsync(partition, KeyRange.Prefix(QueueRows.DelayedPrefix), QueueDepth.Most - waiting, cancellationToken);
            waiting += delayed.Count;
            dead += (await KeysAsync(partition, KeyRange.Prefix(QueueRows.DeadPrefix), QueueDepth.Most - dead, cancellationToken)).Count;
            foreach (var first in new[] { sent.FirstOrDefault(), delayed.FirstOrDefault() })
            {
                if (first is not null && QueueRows.Ticks(first) is var ticks && ticks <= now.UtcTicks && !(oldest < ticks)) oldest = ticks;
            }
        }

        return new QueueDepth(waiting, oldest is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : null, dead);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var dead = new List<(string Partition, TableRow Row)>();
        for (var i = 0; i < options.Buckets; i++)
        {
            var partition = Partition(queue, i);
            var rows = await tables.QueryAsync(
                TableNames.Messages,
                partition,
                KeyRange.Prefix(QueueRows.DeadPrefix),
                Math.Min(take, TableLimits.MaxPage),
                cancellationToken);
            dead.AddRange(rows.Select(row => (partition, row)));
        }

        var messages = new List<ReceivedMessage>();
        foreach (var (partition, row) in dead.OrderBy(entry => entry.Row.Key, StringComparer.Ordinal).Take(take))
        {
            var stored = QueueRows.Read(row);
            var body = await tables.GetAsync(TableNames.Messages, partition, QueueRows.Body(stored.Id), cancellationToken);
            messages.Add(new ReceivedMessage(stored.Id, stored.Session, body?.Data ?? default, stored.Attempts, row.Key, stored.Reason));
        }

        return messages;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RetryDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var place = Json.Write(new StoredMessage(message.Id, message.Session), QueueJson.Default.StoredMessage);
        var result = await tables.CommitAsync(
            TableNames.Messages,
            Partition(queue, BucketOf(message.Session)),
            [TableWrite.Delete(message.Receipt), TableWrite.Insert(NextPlace(TimeSpan.Zero), place)],
            cancellationToken);
        if (result.IsCommitted) SignalOf(queue).Set();
        return result.IsCommitted;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DropDeadLetterAsync(string queue, ReceivedMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var partition = Partition(queue, BucketOf(message.Session));
        return (await tables.CommitAsync(
            TableNames.Messages,
            partition,
            [TableWrite.Delete(message.Receipt), TableWrite.Delete(QueueRows.Body(message.Id))],
            cancellationToken)).IsCommitted;
    }

    /// <summary>Gives back what is held and not being worked on, so that another instance need not wait for the leases to run out.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var bucket in _buckets.Values)
        {
            if (!bucket.TryEnter()) continue;
            try
            {
                await bucket.GiveBackAsync(CancellationToken.None);
            }
            catch (Exception e) when (e is TableStoreException or ObjectDisposedException)
            {
                // It runs out.
            }

            bucket.Dispose();
        }
    }

    /// <summary>The writes after a delivery that failed.</summary>
    internal IEnumerable<TableWrite> Fail(string key, StoredMessage message, DateTimeOffset? notBefore = null, TimeSpan? wait = null)
    {
        var failed = message with { Attempts = message.Attempts + 1, NotBefore = notBefore, Wait = wait, Waits = message.Waits + 1 };
        return !IsLast(message)
            ? [QueueRows.Put(key, failed)]
            : QueueRows.Bury(key, failed, $"It was delivered {failed.Attempts} times without success.", time.GetUtcNow());
    }

    /// <summary>Whether another delivery that fails is a message's last.</summary>
    internal bool IsLast(StoredMessage message) => message.Attempts + 1 >= options.MaxAttempts;

    internal void Leave(string queue, QueueBucket bucket)
    {
        bucket.Leave();
        SignalOf(queue).Set();
    }

    private async ValueTask<List<string>> KeysAsync(string partition, KeyRange range, int take, CancellationToken cancellationToken) =>
        take <= 0 ? [] : [.. (await tables.QueryAsync(TableNames.Messages, partition, range, take, cancellationToken)).Select(row => row.Key)];

    private async ValueTask SendAsync(string partition, List<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        while (messages.Count > 0)
        {
            var writes = new List<TableWrite>(2 * messages.Count);
            foreach (var message in messages)
            {
                var place = Json.Write(new StoredMessage(message.Id, message.Session), QueueJson.Default.StoredMessage);
                writes.Add(TableWrite.Insert(QueueRows.Body(message.Id), message.Body));
                writes.Add(TableWrite.Insert(NextPlace(message.Delay), place));
            }

            var result = await tables.CommitAsync(TableNames.Messages, partition, writes, cancellationToken);
            if (result.IsCommitted) return;

            // Sent before and still here.
            messages.RemoveAt(result.FailedIndex / 2);
        }
    }

    private async ValueTask<ISessionBatch?> TryReceiveAsync(string queue, QueueBucket bucket, int max, CancellationToken cancellationToken)
    {
        if (!bucket.TryEnter()) return null;
        var isTaken = false;
        try
        {
            var due = await DueBatch.FindAsync(tables, bucket.Partition, time.GetUtcNow(), max, cancellationToken);
            if (due is null)
            {
                await bucket.GiveBackAsync(cancellationToken);
                return null;
            }

            if (!bucket.IsHeld) due = await TakeAsync(bucket, max, cancellationToken);
            if (due is null) return null;
            var batch = new TableQueueBatch(this, queue, bucket, due, await ReadAsync(bucket.Partition, due, cancellationToken), options.LeaseTime / 3, time);
            isTaken = true;
            return batch;
        }
        finally
        {
            if (!isTaken) bucket.Leave();
        }
    }

    /// <summary>Takes the lease and says what is due under it; null where another has it or nothing is left.</summary>
    private async ValueTask<DueBatch?> TakeAsync(QueueBucket bucket, int max, CancellationToken cancellationToken)
    {
        // The lease is read first: whoever changes a message changes the lease too, and then it cannot be taken at this version.
        var now = time.GetUtcNow();
        var row = await tables.GetAsync(TableNames.Messages, bucket.Partition, QueueRows.Lease, cancellationToken);
        var held = row is null ? null : Json.Read(row.Data, QueueJson.Default.BucketLease);
        if (held is not null && held.Owner != _owner && held.Until > now && !bucket.HasStoodStill(row!.ETag)) return null;
        var due = await DueBatch.FindAsync(tables, bucket.Partition, now, max, cancellationToken);
        if (due is null) return null;

        // Its holder died. What it had in hand is what is due first, so a message that kills its receiver comes to its end like any other.
        var hasDied = held is not null && held.Owner != _owner && held.Until != default;
        if (!hasDied) return await bucket.TakeAsync(row, [], cancellationToken) ? due : null;
        if (!await bucket.TakeAsync(row, [.. due.Messages.SelectMany(m => Fail(m.Key, m.Message, m.Message.NotBefore, m.Message.Wait))], cancellationToken))
            return null;
        return await DueBatch.FindAsync(tables, bucket.Partition, now, max, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<ReceivedMessage>> ReadAsync(string partition, DueBatch due, CancellationToken cancellationToken)
    {
        // Side by side where the store is far away.
        var bodies = new Task<TableRow?>[due.Messages.Count];
        for (var i = 0; i < bodies.Length; i++)
            bodies[i] = tables.GetAsync(TableNames.Messages, partition, QueueRows.Body(due.Messages[i].Message.Id), cancellationToken).AsTask();
        await Task.WhenAll(bodies);
        var messages = new ReceivedMessage[bodies.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            var (key, stored) = due.Messages[i];
            messages[i] = new ReceivedMessage(stored.Id, stored.Session, (await bodies[i])?.Data ?? default, stored.Attempts + 1, key, Waits: stored.Waits);
        }

        return messages;
    }

    // Never before what this instance sent earlier, also when the clock is set back; the sequence orders what shares a moment, the suffix tells instances
    // apart.
    private string NextPlace(TimeSpan delay)
    {
        long ticks, sequence;
        lock (_ordering)
        {
            _lastTicks = ticks = Math.Max(time.GetUtcNow().UtcTicks, _lastTicks);
            sequence = ++_sequence;
        }

        return QueueRows.Message(delay > TimeSpan.Zero, ticks + Math.Max(0, delay.Ticks), sequence, _owner);
    }

    private int BucketOf(string session)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(session), hash);
        return hash[0] % options.Buckets;
    }

    private QueueBucket BucketOf(string queue, int number) =>
        _buckets.GetOrAdd(Partition(queue, number), partition => new QueueBucket(tables, partition, _owner, options.LeaseTime, time));

    private static string Partition(string queue, int bucket) => $"{queue}|{bucket}";

    private Signal SignalOf(string queue) => _signals.GetOrAdd(queue, static _ => new Signal());

    private sealed class Signal
    {
        private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Set() => _channel.Writer.TryWrite(true);

        public async ValueTask WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
        {
            if (_channel.Reader.TryRead(out _)) return;
            using var limit = new CancellationTokenSource(wait, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                await _channel.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Time to look again.
            }
        }
    }
}
