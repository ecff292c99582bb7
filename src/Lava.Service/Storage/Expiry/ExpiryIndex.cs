using System.Globalization;
using Lava.Core.Ids;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Storage.Expiry;

/// <summary>Lists rows by the hour from which on they are worth nothing, so that they are found without looking at any other.</summary>
public sealed class ExpiryIndex(ITableStore tables, TimeProvider time)
{
    /// <summary>Lists a row. One that is listed and not there harms nobody.</summary>
    public async ValueTask AddAsync(ExpiringRow row, DateTimeOffset at, CancellationToken cancellationToken) =>
        await tables.CommitAsync(
            TableNames.Expiring,
            Partition(at),
            [TableWrite.Insert(Ulid.Create(time.GetUtcNow()), Json.Write(row, ExpiryJson.Default.ExpiringRow))],
            cancellationToken);

    /// <summary>The partition of an hour.</summary>
    internal static string Partition(DateTimeOffset hour) => hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
}
