using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Hosting;

/// <summary>Removes rows that are worth nothing any more, hour by hour. Running it twice, or on two instances at once, removes nothing else.</summary>
public sealed class CleanUp(ITableStore tables, IEnumerable<IExpiring> writers, Retention retention, TimeProvider time)
{
    private const string MarkPartition = "mark";
    private const string MarkRow = "cleaned-until";

    /// <summary>Where the first run of all begins: its timer is as old as the first row.</summary>
    private static readonly TimeSpan FirstReach = TimeSpan.FromDays(2);

    private readonly Dictionary<string, IExpiring> _writers = writers.ToDictionary(writer => writer.Kind, StringComparer.Ordinal);

    /// <summary>Removes what is over, and strips requests that are kept no longer.</summary>
    /// <returns>How many rows were removed.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var mark = await tables.GetAsync(TableNames.Expiring, MarkPartition, MarkRow, cancellationToken);
        var hour = mark is null ? end - FirstReach : Json.Read(mark.Data, ExpiryJson.Default.DateTimeOffset);
        var removed = 0;

        // An hour is looked at when it is over, so that nothing is listed in it afterwards.
        for (; hour < end; hour += TimeSpan.FromHours(1))
        {
            removed += await CleanAsync(ExpiryIndex.Partition(hour), now, cancellationToken);
            await tables.CommitAsync(
                TableNames.Expiring,
                MarkPartition,
                [TableWrite.Put(MarkRow, Json.Write(hour + TimeSpan.FromHours(1), ExpiryJson.Default.DateTimeOffset))],
                cancellationToken);
        }

        await retention.RunAsync(cancellationToken);
        return removed;
    }

    private async ValueTask<int> CleanAsync(string partition, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var removed = 0;
        while (true)
        {
            var listed = await tables.QueryAsync(TableNames.Expiring, partition, KeyRange.Prefix(""), TableLimits.MaxWrites, cancellationToken);
            if (listed.Count == 0) return removed;
            foreach (var entry in listed)
            {
                var expiring = Json.Read(entry.Data, ExpiryJson.Default.ExpiringRow);
                var row = await tables.GetAsync(expiring.Table, expiring.Partition, expiring.Row, cancellationToken);
                if (row is null || !_writers[expiring.Kind].IsOver(row, now)) continue;

                // Of that version: one that is written anew at this moment stays.
                if ((await tables.CommitAsync(expiring.Table, expiring.Partition, [TableWrite.Delete(expiring.Row, row.ETag)], cancellationToken)).IsCommitted)
                    removed++;
            }

            await tables.CommitAsync(TableNames.Expiring, partition, [.. listed.Select(entry => TableWrite.Delete(entry.Key))], cancellationToken);
        }
    }
}
