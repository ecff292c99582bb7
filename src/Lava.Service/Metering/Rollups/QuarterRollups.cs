using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Rollups;

/// <summary>Adds a batch of calls to the roll-ups by group, a row for each quarter of an hour. The rows lie in the book whose transaction marks the calls, so a
/// call is summed exactly once.</summary>
/// <param name="isWallet">Whether the book is a wallet's, which has all customers' calls.</param>
internal sealed class QuarterRollups(bool isWallet)
{
    private readonly Dictionary<string, Dictionary<string, GroupSum>> _rows = new(StringComparer.Ordinal);

    /// <summary>Sums a call.</summary>
    public void Add(UsageRecord record, decimal charge) => Add(record, UsageGroups.SumOf(record, charge));

    /// <summary>Takes back a call that was closed as failed and has completed after all.</summary>
    public void TakeBack(UsageRecord closed) => Add(closed, new GroupSum(default, -1));

    /// <summary>Writes the rows with what the book has of them already.</summary>
    public async ValueTask WriteAsync(BookView view, List<TableWrite> writes, CancellationToken cancellationToken)
    {
        foreach (var (key, added) in _rows)
        {
            var data = await view.ReadGuardedRowAsync(key, cancellationToken);
            var groups = data is null
                ? new Dictionary<string, GroupSum>(added.Count, StringComparer.Ordinal)
                : new Dictionary<string, GroupSum>(Json.Read(data.Value, MeteringJson.Default.QuarterGroups).Groups, StringComparer.Ordinal);
            int? limit = key.StartsWith(BookRows.QuarterPrefix(UsageGroups.Metadata), StringComparison.Ordinal) ? UsageGroups.MaxValues : null;
            foreach (var (group, sum) in added)
            {
                var place = PlaceOf(groups, group, limit);
                groups[place] = groups.GetValueOrDefault(place, GroupSum.None).Add(sum);
            }

            writes.Add(TableWrite.Put(key, Json.Write(new QuarterGroups(groups), MeteringJson.Default.QuarterGroups)));
        }
    }

    // A row stays small whatever names come: what a merchant writes into metadata may be different in every call.
    private static string PlaceOf(Dictionary<string, GroupSum> groups, string group, int? limit)
    {
        if (groups.ContainsKey(group)) return group;
        var end = group.IndexOf('\n', StringComparison.Ordinal);
        var first = end < 0 ? group : group[..end];
        if (groups.Count >= UsageGroups.MaxGroups) return groups.ContainsKey(first) ? first : UsageGroups.Rest;
        return limit is { } most && groups.Keys.Count(key => key.StartsWith(first + "\n", StringComparison.Ordinal)) >= most ? first : group;
    }

    private void Add(UsageRecord record, GroupSum sum)
    {
        var quarter = BookRows.Quarter(record.CreatedAt);
        Add(BookRows.QuarterPrefix(UsageGroups.Calls) + quarter, UsageGroups.CallKey(record), sum);
        if (!isWallet) return;
        if (record.CustomerId is not null) Add(BookRows.QuarterPrefix(UsageGroups.Customers) + quarter, UsageGroups.CustomerKey(record), sum);
        if (record.Metadata is null or { Count: 0 }) return;
        foreach (var (key, value) in record.Metadata) Add(BookRows.QuarterPrefix(UsageGroups.Metadata) + quarter, UsageGroups.PairKey(key, value), sum);
    }

    private void Add(string key, string group, GroupSum sum)
    {
        if (!_rows.TryGetValue(key, out var row)) _rows[key] = row = new Dictionary<string, GroupSum>(StringComparer.Ordinal);
        row[group] = row.GetValueOrDefault(group, GroupSum.None).Add(sum);
    }
}
