using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.Options;

namespace Lava.Service.Hosting;

/// <summary>Takes from requests that are old enough what nobody needs any more, day by day, and leaves what the books rest on: the row that marks the call as
/// booked, with its cost, charge and usage. Running it twice, or on two instances at once, takes nothing else.</summary>
public sealed class Retention(ITableStore tables, MerchantStore merchants, RequestIndex index, IOptions<RetentionOptions> options, TimeProvider time)
{
    private const int Step = 50;

    /// <summary>Up to which day the requests of a wallet's book have been stripped.</summary>
    private const string MarkRow = "stripped-until";

    /// <summary>Strips what is old enough. Returns how many requests.</summary>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.RequestDays == 0) return 0;
        var end = time.GetUtcNow().AddDays(-options.Value.RequestDays).UtcDateTime.Date;
        var stripped = 0;
        await foreach (var merchant in merchants.ListAllAsync(cancellationToken))
        {
            // A merchant's first call comes after the merchant.
            if (merchant.CreatedAt.UtcDateTime.Date >= end) continue;
            foreach (var mode in new[] { Mode.Test, Mode.Live })
                stripped += await StripAsync(new Tenant(merchant.Id, mode), merchant.CreatedAt.UtcDateTime.Date, end, cancellationToken);
        }

        return stripped;
    }

    private async ValueTask<int> StripAsync(Tenant tenant, DateTime first, DateTime end, CancellationToken cancellationToken)
    {
        var book = BookKey.Wallet(tenant).Partition;
        var mark = await tables.GetAsync(TableNames.Books, book, MarkRow, cancellationToken);
        var day = mark is null ? first : Json.Read(mark.Data, ExpiryJson.Default.DateTimeOffset).UtcDateTime;
        var stripped = 0;
        for (; day < end; day = day.AddDays(1))
        {
            stripped += await StripDayAsync(tenant, book, day, cancellationToken);
            await RemoveMetadataAsync(book, day, cancellationToken);
            var until = new DateTimeOffset(day.AddDays(1), TimeSpan.Zero);
            await tables.CommitAsync(
                TableNames.Books,
                book,
                [TableWrite.Put(MarkRow, Json.Write(until, ExpiryJson.Default.DateTimeOffset))],
                cancellationToken);
        }

        return stripped;
    }

    private async ValueTask<int> StripDayAsync(Tenant tenant, string book, DateTime day, CancellationToken cancellationToken)
    {
        // Newest first: the day's end comes before its beginning.
        var range = new KeyRange(Row(day.AddDays(1)), Row(day));
        var stripped = 0;
        var round = 0;
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.Books, book, range, Step, cancellationToken);
            var writes = new List<TableWrite>(rows.Count);
            foreach (var row in rows)
            {
                var request = Json.Read(row.Data, MeteringJson.Default.StoredRequest);
                if (request.IsStripped) continue;

                // The index first: which rows it has is known only as long as the request is whole.
                await index.RemoveAsync(tenant, request.Record, cancellationToken);
                writes.Add(TableWrite.Replace(row.Key, Json.Write(request.Stripped(), MeteringJson.Default.StoredRequest), row.ETag));
            }

            // Of those versions: where a late record has replaced a closed call at this moment, the rows are read again.
            if (writes.Count > 0 && !(await tables.CommitAsync(TableNames.Books, book, writes, cancellationToken)).IsCommitted)
            {
                round = OptimisticRetry.Next(round);
                continue;
            }

            round = 0;
            stripped += writes.Count;
            if (rows.Count < Step) return stripped;
            range = range.After(rows[^1].Key);
        }
    }

    // Usage by metadata names what the requests said.
    private async ValueTask RemoveMetadataAsync(string book, DateTime day, CancellationToken cancellationToken)
    {
        var prefix = BookRows.QuarterPrefix(UsageGroups.Metadata);
        var from = new DateTimeOffset(day, TimeSpan.Zero);
        var range = new KeyRange(prefix + BookRows.Quarter(from), prefix + BookRows.Quarter(from.AddDays(1)));
        var rows = await tables.QueryAsync(TableNames.Books, book, range, TableLimits.MaxWrites, cancellationToken);
        if (rows.Count > 0) await tables.CommitAsync(TableNames.Books, book, [.. rows.Select(row => TableWrite.Delete(row.Key))], cancellationToken);
    }

    private static string Row(DateTime time) => BookRows.Call(Ulid.Mirror(Ulid.Create(new DateTimeOffset(time, TimeSpan.Zero), new byte[10])));
}
