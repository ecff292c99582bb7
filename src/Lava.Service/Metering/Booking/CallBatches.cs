using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Metering.Booking;

/// <summary>Cuts records into batches that fit one transaction of a book: beside a row for each call go the head, an entry, and roll-ups of each day, meter and
/// quarter of an hour.</summary>
internal static class CallBatches
{
    /// <summary>The head and an entry.</summary>
    private const int FixedRows = 2;

    /// <summary>Most quarters of an hour whose roll-ups one transaction changes. Such a row may have 100 KB.</summary>
    private const int MaxQuarters = 4;

    /// <summary>Roll-ups of a quarter of an hour: by call, by customer, by metadata.</summary>
    private const int RowsOfQuarter = 3;

    /// <summary>Metadata may be 50 KB a call, so a transaction is bounded by bytes on the wire too; the rest of its room is the head's, the entry's and the
    /// roll-ups'.</summary>
    private const int MaxBytes = TableLimits.MaxTransactionBytes / 2;

    public static IEnumerable<List<UsageRecord>> Of(IReadOnlyList<UsageRecord> records)
    {
        var batch = new List<UsageRecord>();
        var rollups = new HashSet<(string?, DateTime)>();
        var quarters = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0;
        foreach (var record in records)
        {
            // A character of a value becomes an escape of at most six characters, whose backslash is escaped once more. A pair has four quotation marks.
            var size = 4_500 + (record.Metadata?.Sum(pair => 26 + (2 * pair.Key.Length) + (7 * pair.Value.Length)) ?? 0);
            var day = record.CreatedAt.UtcDateTime.Date;
            var more = (rollups.Contains((null, day)) ? 0 : 1) + (record.MeterId is null || rollups.Contains((record.MeterId, day)) ? 0 : 1);
            var quarter = BookRows.Quarter(record.CreatedAt);
            var quarterCount = quarters.Count + (quarters.Contains(quarter) ? 0 : 1);
            var rows = batch.Count + 1 + rollups.Count + more + (quarterCount * RowsOfQuarter) + FixedRows;
            if (batch.Count > 0 && (rows > TableLimits.MaxWrites || quarterCount > MaxQuarters || bytes + size > MaxBytes))
            {
                yield return batch;
                batch = [];
                rollups.Clear();
                quarters.Clear();
                bytes = 0;
            }

            batch.Add(record);
            quarters.Add(quarter);
            rollups.Add((null, day));
            if (record.MeterId is not null) rollups.Add((record.MeterId, day));
            bytes += size;
        }

        if (batch.Count > 0) yield return batch;
    }
}
