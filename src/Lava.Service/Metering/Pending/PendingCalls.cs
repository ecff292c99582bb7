using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Metering.Pending;

/// <summary>Rows that stand for calls that were sent to a provider and have left no usage record yet, so that a call whose instance died is seen and closed.
/// A call is written down a moment after it was sent, with others in one transaction, and not at all if it has finished by then: its record is durable, and a
/// row would say less. So the row costs a call no time and a fast call no write.</summary>
public sealed partial class PendingCalls(ITableStore tables, StoreGate gate, ILogger<PendingCalls> logger)
{
    /// <summary>How long a call may be in flight without a row.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private const int Shards = 16;

    // Calls begin on many threads while the flush takes the list away: without the lock a call could be added to a list that is gone, and leave no row.
    private readonly Lock _gate = new();
    private List<PendingCall> _new = [];

    /// <summary>Notes a call that is being sent.</summary>
    public PendingCall Add(Tenant tenant, UsageRecord draft)
    {
        var call = new PendingCall(tenant, draft);
        lock (_gate) _new.Add(call);
        return call;
    }

    /// <summary>Writes rows for the calls that are still in flight. Run every <see cref="Grace"/>.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        List<PendingCall> calls;
        lock (_gate)
        {
            if (_new.Count == 0) return;
            (calls, _new) = (_new, []);
        }

        foreach (var shard in calls.Where(call => call.TryStartWriting()).GroupBy(call => Partition(call.Draft.Call)))
        {
            foreach (var chunk in shard.Chunk(50))
            {
                try
                {
                    var writes = chunk.Select(call => TableWrite.Put(call.Draft.Call, Json.Write(
                        new PendingRow(call.Tenant.MerchantId, call.Tenant.Mode == Mode.Live, call.Draft), MeteringJson.Default.PendingRow))).ToList();
                    await tables.CommitAsync(TableNames.Pending, shard.Key, writes, cancellationToken);
                }
                catch (TableStoreException fault)
                {
                    // The calls go on: the row is a safety net, not their record.
                    gate.Failed();
                    LogNotWritten(chunk.Length, fault);
                }
                finally
                {
                    foreach (var call in chunk) call.Written();
                }
            }
        }
    }

    /// <summary>Removes the rows of metered calls.</summary>
    public async ValueTask RemoveAsync(IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        foreach (var shard in records.Where(record => record.HasPendingRow).GroupBy(record => Partition(record.Call)))
        {
            foreach (var chunk in shard.Chunk(TableLimits.MaxWrites))
            {
                var result = await tables.CommitAsync(
                    TableNames.Pending,
                    shard.Key,
                    [.. chunk.Select(record => TableWrite.Delete(record.Call))],
                    cancellationToken);
                if (result.IsCommitted) continue;

                // Some row is gone already (an earlier delivery, or it was never written).
                foreach (var record in chunk) await tables.CommitAsync(TableNames.Pending, shard.Key, [TableWrite.Delete(record.Call)], cancellationToken);
            }
        }
    }

    /// <summary>The pending row of a call; null where there is none.</summary>
    public async ValueTask<PendingRow?> FindAsync(string call, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Pending, Partition(call), call, cancellationToken);
        return row is null ? null : Json.Read(row.Data, MeteringJson.Default.PendingRow);
    }

    /// <summary>Calls sent before <paramref name="bound"/> that still have a row, a page of each shard, oldest first.</summary>
    public async ValueTask<IReadOnlyList<PendingRow>> ListOlderAsync(DateTimeOffset bound, CancellationToken cancellationToken)
    {
        var rows = new List<PendingRow>();
        var end = Ulid.Create(bound, new byte[10]);
        for (var shard = 0; shard < Shards; shard++)
        {
            foreach (var row in await tables.QueryAsync(TableNames.Pending, ShardName(shard), new KeyRange("0", end), 200, cancellationToken))
                rows.Add(Json.Read(row.Data, MeteringJson.Default.PendingRow));
        }

        return rows;
    }

    // The last character of a ULID is random.
    private static string Partition(string call) => ShardName(call[^1] % Shards);

    private static string ShardName(int shard) => $"pending|{shard:x}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} pending rows could not be written. The calls continue.")]
    private partial void LogNotWritten(int count, Exception fault);
}
