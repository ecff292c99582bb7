using System.Runtime.CompilerServices;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.UsageReports;

/// <summary>Reads the requests of a short time, for the ragged ends of a report.</summary>
internal sealed class UsageCalls(ITableStore tables)
{
    /// <summary>A customer's or a meter's requests of a time, newest first; <paramref name="to"/> inclusive.</summary>
    public async IAsyncEnumerable<StoredRequest> ReadAsync(
        Tenant tenant,
        RequestFilter filter,
        DateTimeOffset from,
        DateTimeOffset to,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = BookKey.Wallet(tenant).Partition;
        var range = RangeOf(BookRows.CallPrefix, filter, from, to);
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.Books, partition, range, TableLimits.MaxPage, cancellationToken);
            foreach (var row in rows)
            {
                var request = Json.Read(row.Data, MeteringJson.Default.StoredRequest);
                var record = request.Record;
                if (record.CreatedAt < from || record.CreatedAt > to) continue;
                if (filter.CustomerId is not null && record.CustomerId != filter.CustomerId) continue;
                if (filter.MeterId is not null && record.MeterId != filter.MeterId) continue;
                yield return request;
            }

            if (rows.Count < TableLimits.MaxPage) yield break;
            range = range.After(rows[^1].Key);
        }
    }

    /// <summary>The keys of a time's calls: mirrored, so that newer calls sort first. A test clock's time is not the one in the ids of the gateway's calls, so
    /// all of them are looked at for a customer that lives by one.</summary>
    public static KeyRange RangeOf(string prefix, RequestFilter filter, DateTimeOffset from, DateTimeOffset to)
    {
        var newest = filter.IsClocked ? "" : Ulid.Mirror(Ulid.Create(to.AddMilliseconds(1), new byte[10]));
        var oldest = filter.IsClocked ? "" : Ulid.Mirror(Ulid.Create(from, new byte[10]));
        return new KeyRange(prefix + newest, prefix + oldest + "~");
    }
}
