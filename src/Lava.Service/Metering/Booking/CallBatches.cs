using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Metering.Booking;

/// <summary>Cuts records into batches that fit one transaction of a book: beside a row for each call go the head, an entry, and roll-ups of each day and
/// meter.</summary>
internal static class CallBatches
{
    /// <summary>The head and an entry.</summary>
    private const int FixedRows = 2;

    /// <summary>Metadata may be 50 KB a call, so a transaction is bounded by bytes on the wire too; the rest of its room is the head's, the entry's and the
    /// roll-ups'.</summary>
    private const int MaxBytes = TableLimits.MaxTransactionBytes / 4 * 3;

    public static IEnumerable<List<UsageRecord>> Of(IReadOnlyList<UsageRecord> records)
    {
        var batch = new List<UsageRecord>();
        var rollups = new HashSet<(string?, DateTime)>();
        var bytes = 0;
        foreach (var record in records)
        {
            // A character of a value becomes an escape of at most six characters, whose backslash is escaped once more. A pair has four quotation marks.
            var size = 4_500 + (record.Metadata?.Sum(pair => 26 + (2 * pair.Key.Length) + (7 * pair.Value.Length)) ?? 0);
            var day = record.CreatedAt.UtcDateTime.Date;
            var more = (rollups.Contains((null, day)) ? 0 : 1) + (record.MeterId is null || rollups.Contains((record.MeterId, day)) ? 0 : 1);
            if (batch.Count > 0 && (batch.Count + 1 + rollups.Count + more + FixedRows > TableLimits.MaxWrites || bytes + size > MaxBytes))
            {
                yield return batch;
                batch = [];
                rollups.Clear();
                bytes = 0;
            }

            batch.Add(record);
            rollups.Add((null, day));
            if (record.MeterId is not null) rollups.Add((record.MeterId, day));
            bytes += size;
        }

        if (batch.Count > 0) yield return batch;
    }
}
