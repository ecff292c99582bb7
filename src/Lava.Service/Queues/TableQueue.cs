using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Queues;

/// <summary>A durable queue with sessions over any table store. Sessions are spread over a few partitions; a receiver holds a partition by a lease and keeps it while
/// it finds work there, so that a batch costs two reads and one write. A receiver that died loses its partitions when its leases run out.</summary>
public sealed class TableQueue(ITableStore tables, TableQueueOptions options, TimeProvider time) : IMessageQueue
{
    private const string MessagePrefix = "m|";
    private const string BlockPrefix = "block|";
    private const string DeadPrefix = "dead|";
    private const string LeaseRow = "lease";

    private readonly string _owner = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private long _lastTicks;

    /// <inheritdoc/>
    public async ValueTask SendAsync(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        var partition = Partition(queue, BucketOf(messages[0].Session));
        var writes = new List<TableWrite>(messages.Count);
        var bytes = 0;
        foreach (var message in messages)
        {
            if (message.Session != messages[0].Session) throw new ArgumentException("Messages of one call belong to one session.", nameof(messages));
            if (message.Body.Length > OutgoingMessage.MaxBodyBytes) throw new ArgumentException($"A body has at most {OutgoingMessage.MaxBodyBytes} bytes.", nameof(messages));
            TableLimits.CheckKey(message.Id);
            TableLimits.CheckKey(message.Session);
            var stored = new StoredMessage(message.Id, message.Session, 0, null, JsonElement.Parse(message.Body.Span));
            var data = Json.Write(stored, QueueJson.Default.StoredMessage);
            if (writes.Count == TableLimits.MaxWrites || bytes + data.Length > TableLimits.MaxTransactionBytes)
            {
                await tables.CommitAsync(Tables.Messages, partition, writes, cancellationToken);
                writes.Clear();
                bytes = 0;
            }

            writes.Add(TableWrite.Insert(MessageRow(message.Delay), data));
            bytes += data.Length;
        }

        await tables.CommitAsync(Tables.Messages, partition, writes, cancellationToken);
        SignalOf(queue).Set();
    }

    /// <inheritdoc/>
    public async ValueTask<ISessionBatch?> ReceiveAsync(string queue, int maxMessages, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        var end = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            var start = Random.Shared.Next(options.Buckets);
            for (var i = 0; i < options.Buckets; i++)
            {
                var bucket = BucketOf(queue, (start + i) % options.Buckets);
                if (await TryReceiveAsync(queue, bucket, maxMessages, cancellationToken) is { } batch) return batch;
            }

            var left = time.GetElapsedTime(time.GetTimestamp(), end);
            if (left <= TimeSpan.Zero) return null;
            await SignalOf(queue).WaitAsync(left < options.PollPeriod ? left : options.PollPeriod, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReceivedMessage>> PeekDeadLettersAsync(string queue, int take, CancellationToken cancellationToken)
    {
        var dead = new List<(string Key, ReceivedMessage Message)>();
        for (var i = 0; i < options.Buckets; i++)
        {
            foreach (var row in await tables.QueryAsync(Tables.Messages, Partition(queue, i), KeyRange.Prefix(DeadPrefix), take, cancellationToken))
                dead.Add((row.Key, Received(row)));
        }

        return [.. dead.OrderBy(entry => entry.Key, StringComparer.Ordinal).Take(take).Select(entry => entry.Message)];
    }

    internal async ValueTask CompleteAsync(string partition, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var chunk in messages.Chunk(TableLimits.MaxWrites))
        {
            var result = await tables.CommitAsync(Tables.Messages, partition, [.. chunk.Select(message => TableWrite.Delete(message.Receipt))], cancellationToken);
            if (result.IsCommitted) continue;

            // Some are gone: another receiver worked on them when this one had lost its lease.
            foreach (var message in chunk) await tables.CommitAsync(Tables.Messages, partition, [TableWrite.Delete(message.Receipt)], cancellationToken);
        }
    }

    internal async ValueTask AbandonAsync(string queue, string partition, ReceivedMessage message, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (message.Attempt >= options.MaxAttempts)
        {
            await DeadLetterAsync(partition, message, "It was delivered too often.", cancellationToken);
            return;
        }

        var again = new StoredMessage(message.Id, message.Session, message.Attempt, null, JsonElement.Parse(message.Body.Span));

        // It keeps its place in the order; the session waits for it instead.
        var writes = new List<TableWrite> { TableWrite.Put(message.Receipt, Json.Write(again, QueueJson.Default.StoredMessage)) };
        if (delay > TimeSpan.Zero)
            writes.Add(TableWrite.Put(BlockPrefix + message.Session, Json.Write(new SessionBlock(message.Session, time.GetUtcNow() + delay), QueueJson.Default.SessionBlock)));
        await tables.CommitAsync(Tables.Messages, partition, writes, cancellationToken);
        SignalOf(queue).Set();
    }

    internal async ValueTask DeadLetterAsync(string partition, ReceivedMessage message, string reason, CancellationToken cancellationToken)
    {
        var dead = new StoredMessage(message.Id, message.Session, message.Attempt, reason, JsonElement.Parse(message.Body.Span));
        await tables.CommitAsync(
            Tables.Messages,
            partition,
            [TableWrite.Delete(message.Receipt), TableWrite.Put(DeadPrefix + message.Receipt, Json.Write(dead, QueueJson.Default.StoredMessage))],
            cancellationToken);
    }

    internal async ValueTask<bool> RenewAsync(Bucket bucket)
    {
        var now = time.GetUtcNow();
        if (bucket.Until - now > options.LeaseTime / 2) return true;
        return await TakeLeaseAsync(bucket, now, CancellationToken.None);
    }

    internal void Release(string queue, Bucket bucket)
    {
        Volatile.Write(ref bucket.IsBusy, 0);
        SignalOf(queue).Set();
    }

    private async ValueTask<ISessionBatch?> TryReceiveAsync(string queue, Bucket bucket, int maxMessages, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref bucket.IsBusy, 1, 0) != 0) return null;
        var isHeld = false;
        try
        {
            var now = time.GetUtcNow();
            var due = new KeyRange(MessagePrefix, MessagePrefix + Ticks(now.UtcTicks + 1));
            var rows = await tables.QueryAsync(Tables.Messages, bucket.Partition, due, TableLimits.MaxPage, cancellationToken);
            if (rows.Count == 0) return null;
            if (bucket.Until - now < options.LeaseTime / 3)
            {
                if (!await TakeLeaseAsync(bucket, now, cancellationToken)) return null;

                // Whoever had it before may have worked on what was read.
                rows = await tables.QueryAsync(Tables.Messages, bucket.Partition, due, TableLimits.MaxPage, cancellationToken);
            }

            var blocked = await BlockedAsync(bucket.Partition, now, cancellationToken);
            string? session = null;
            var messages = new List<ReceivedMessage>();
            foreach (var row in rows)
            {
                var message = Received(row);
                session ??= blocked.Contains(message.Session) ? null : message.Session;
                if (message.Session != session) continue;
                messages.Add(message);
                if (messages.Count == maxMessages) break;
            }

            if (session is null) return null;
            isHeld = true;
            return new TableQueueBatch(this, queue, bucket, session, messages, options.LeaseTime / 3, time);
        }
        finally
        {
            if (!isHeld) Volatile.Write(ref bucket.IsBusy, 0);
        }
    }

    private async ValueTask<HashSet<string>> BlockedAsync(string partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in await tables.QueryAsync(Tables.Messages, partition, KeyRange.Prefix(BlockPrefix), TableLimits.MaxPage, cancellationToken))
        {
            var block = Json.Read(row.Data, QueueJson.Default.SessionBlock);
            if (block.Until > now) blocked.Add(block.Session);
            else await tables.CommitAsync(Tables.Messages, partition, [TableWrite.Delete(row.Key, row.ETag)], cancellationToken);
        }

        return blocked;
    }

    private async ValueTask<bool> TakeLeaseAsync(Bucket bucket, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Tables.Messages, bucket.Partition, LeaseRow, cancellationToken);
        if (row is not null)
        {
            var held = Json.Read(row.Data, QueueJson.Default.BucketLease);
            if (held.Owner != _owner && held.Until > now) return false;
        }

        var data = Json.Write(new BucketLease(_owner, now + options.LeaseTime), QueueJson.Default.BucketLease);
        var write = row is null ? TableWrite.Insert(LeaseRow, data) : TableWrite.Replace(LeaseRow, data, row.ETag);
        var result = await tables.CommitAsync(Tables.Messages, bucket.Partition, [write], cancellationToken);
        bucket.Until = result.IsCommitted ? now + options.LeaseTime : default;
        return result.IsCommitted;
    }

    private static ReceivedMessage Received(TableRow row)
    {
        var stored = Json.Read(row.Data, QueueJson.Default.StoredMessage);
        return new ReceivedMessage(stored.Id, stored.Session, Encoding.UTF8.GetBytes(stored.Body.GetRawText()), stored.Attempts + 1, row.Key, stored.Reason);
    }

    // Sends of this process never share a moment, so they stay in order; the suffix tells processes apart.
    private string MessageRow(TimeSpan delay)
    {
        long last, next;
        do
        {
            last = Interlocked.Read(ref _lastTicks);
            next = Math.Max(time.GetUtcNow().UtcTicks, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastTicks, next, last) != last);
        return $"{MessagePrefix}{Ticks(next + delay.Ticks)}|{_owner}";
    }

    private static string Ticks(long ticks) => ticks.ToString("D19", CultureInfo.InvariantCulture);

    private int BucketOf(string session) => SHA256.HashData(Encoding.UTF8.GetBytes(session))[0] % options.Buckets;

    private Bucket BucketOf(string queue, int number) => _buckets.GetOrAdd(Partition(queue, number), static partition => new Bucket(partition));

    private static string Partition(string queue, int bucket) => $"{queue}|{bucket}";

    private Signal SignalOf(string queue) => _signals.GetOrAdd(queue, static _ => new Signal());

    /// <summary>A partition as this process knows it.</summary>
    internal sealed class Bucket(string partition)
    {
        /// <summary>1 while a receiver of this process works on it.</summary>
        public int IsBusy;

        public string Partition { get; } = partition;

        /// <summary>Until when this process holds it.</summary>
        public DateTimeOffset Until { get; set; }
    }

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
