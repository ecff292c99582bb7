using System.Globalization;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Rollups;

/// <summary>Adds a batch of calls to the roll-ups of their days. The rows lie in the book whose transaction marks the calls, so a call is summed exactly
/// once.</summary>
internal sealed class DayRollups
{
    private readonly Dictionary<string, Dictionary<int, UsageSum>> _rows = new(StringComparer.Ordinal);

    /// <summary>How many rows the batch touches.</summary>
    public int Count => _rows.Count;

    /// <summary>Sums a completed call; errors are not usage.</summary>
    public void Add(UsageRecord record, decimal charge)
    {
        if (record.IsError) return;
        var at = record.CreatedAt.ToUniversalTime();
        var day = at.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var quarter = (int)(at.TimeOfDay.Ticks / TimeSpan.FromMinutes(15).Ticks);
        var sum = SumOf(record, charge);
        Add(BookRows.Day(day), quarter, sum);
        if (record.MeterId is not null) Add(BookRows.MeterDay(record.MeterId, day), quarter, sum);
    }

    /// <summary>A call's figures.</summary>
    public static UsageSum SumOf(UsageRecord record, decimal charge) =>
        record.IsError ? default : new UsageSum(1, record.Usage.TotalTokens, record.Cost, charge);

    /// <summary>Writes the rows with what the book has of them already.</summary>
    public async ValueTask WriteAsync(BookView view, List<TableWrite> writes, CancellationToken cancellationToken)
    {
        foreach (var (key, added) in _rows)
        {
            var grouped = added.Values.Aggregate(default(UsageSum), static (sum, quarter) => sum + quarter);
            var data = await view.ReadGuardedRowAsync(key, cancellationToken);
            if (data is not null)
            {
                var before = Json.Read(data.Value, MeteringJson.Default.DayUsage);
                foreach (var (quarter, sum) in before.Quarters) added[quarter] = added.GetValueOrDefault(quarter) + sum;
                grouped += before.Grouped;
            }

            writes.Add(TableWrite.Put(key, Json.Write(new DayUsage(added, grouped), MeteringJson.Default.DayUsage)));
        }
    }

    private void Add(string key, int quarter, UsageSum sum)
    {
        if (!_rows.TryGetValue(key, out var row)) _rows[key] = row = [];
        row[quarter] = row.GetValueOrDefault(quarter) + sum;
    }
}
