using System.Collections.Concurrent;
using Lava.Core.Keys;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Records;

/// <summary>Makes usage records durable by sending them to the queue. Records of one tenant that finish while a send is under way travel together in the next
/// one: an idle gateway adds no delay, a busy one needs few messages.</summary>
internal sealed class UsageRecorder(IMessageQueue queue, StoreGate gate)
{
    /// <summary>Most records of a message; with <see cref="MaxBytes"/> it keeps a message below the broker's limit.</summary>
    private const int MaxRecords = 100;

    private const int MaxBytes = 200 * 1024;

    private readonly ConcurrentDictionary<Tenant, Outbox> _outboxes = new();

    /// <summary>Sends a record; it is durable when the task ends.</summary>
    /// <exception cref="TableStoreException">The queue could not take it: the call must count as failed.</exception>
    public Task RecordAsync(Tenant tenant, UsageRecord record)
    {
        var outbox = _outboxes.GetOrAdd(tenant, static _ => new Outbox());
        var waiting = new Waiting(record);
        bool isIdle;
        lock (outbox.Gate)
        {
            outbox.Waiting.Add(waiting);
            isIdle = !outbox.IsSending;
            outbox.IsSending = true;
        }

        if (isIdle) _ = SendAllAsync(tenant, outbox);
        return waiting.Sent.Task;
    }

    private async Task SendAllAsync(Tenant tenant, Outbox outbox)
    {
        // Off the caller's thread, and a moment in which those that finish together can join.
        await Task.Yield();
        while (true)
        {
            List<Waiting> batch;
            lock (outbox.Gate)
            {
                if (outbox.Waiting.Count == 0)
                {
                    outbox.IsSending = false;
                    return;
                }

                (batch, outbox.Waiting) = (outbox.Waiting, []);
            }

            try
            {
                // Not cancelled by any caller: what the provider has answered must be known.
                await queue.SendAsync(UsageQueue.Name, Messages(tenant, batch), CancellationToken.None);
                foreach (var waiting in batch) waiting.Sent.SetResult();
            }
            catch (Exception fault)
            {
                // The next calls would fare no better: they are refused before they are sent.
                gate.Failed();
                foreach (var waiting in batch) waiting.Sent.SetException(fault);
            }
        }
    }

    private static List<OutgoingMessage> Messages(Tenant tenant, List<Waiting> batch)
    {
        var messages = new List<OutgoingMessage>(1);
        var records = new List<UsageRecord>(Math.Min(batch.Count, MaxRecords));
        var bytes = 0;
        foreach (var waiting in batch)
        {
            var size = 1_500 + (waiting.Record.Metadata?.Sum(pair => 6 + pair.Key.Length + (6 * pair.Value.Length)) ?? 0);
            if (records.Count == MaxRecords || (records.Count > 0 && bytes + size > MaxBytes)) Close();
            records.Add(waiting.Record);
            bytes += size;
        }

        Close();
        return messages;

        void Close()
        {
            var message = new UsageMessage(tenant.MerchantId, tenant.Mode == Mode.Live, records);
            messages.Add(new OutgoingMessage(records[0].Call, tenant.Partition, Json.Write(message, MeteringJson.Default.UsageMessage)));
            records = [];
            bytes = 0;
        }
    }

    private sealed class Outbox
    {
        // Without the lock a record could join the list just after the sender has found it empty and stopped: nobody would send it. Or two would send at once.
        public Lock Gate { get; } = new();

        public List<Waiting> Waiting { get; set; } = [];

        public bool IsSending { get; set; }
    }

    private sealed class Waiting(UsageRecord record)
    {
        public UsageRecord Record { get; } = record;

        public TaskCompletionSource Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
