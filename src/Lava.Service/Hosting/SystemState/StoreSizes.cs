using System.Globalization;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Hosting.SystemState;

/// <summary>Keeps the store's size of each day, where the store knows it.</summary>
public sealed class StoreSizes(ITableStore tables, IEnumerable<IStoreSize> stores, TimeProvider time)
{
    private const string Partition = "store-size";

    /// <summary>Days that are kept.</summary>
    private const int MostDays = 90;

    private readonly IStoreSize? _store = stores.FirstOrDefault();

    /// <summary>Writes down today's size, and forgets what is too old.</summary>
    public async ValueTask NoteAsync(CancellationToken cancellationToken)
    {
        if (_store is null) return;
        var size = new StoreSize(Day(time.GetUtcNow()), _store.Bytes());
        await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Put(size.Day, Json.Write(size, SystemJson.Default.StoreSize))],
            cancellationToken);
        var old = new KeyRange("", Day(time.GetUtcNow().AddDays(-MostDays)));
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, old, TableLimits.MaxWrites, cancellationToken);
        if (rows.Count > 0) await tables.CommitAsync(TableNames.Merchants, Partition, [.. rows.Select(row => TableWrite.Delete(row.Key))], cancellationToken);
    }

    /// <summary>Sizes by day, oldest first; empty where the store does not tell.</summary>
    public async ValueTask<IReadOnlyList<StoreSize>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, KeyRange.Prefix("20"), MostDays + 1, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, SystemJson.Default.StoreSize))];
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
