using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Billing;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Booking;

/// <summary>Books calls on the merchant: the provider's cost, the request itself (which is its own marker) and the day's roll-up in one transaction of the
/// wallet's book.</summary>
internal sealed class WalletCosts(BookStore books, ITableStore tables, BillingTriggers signals, TimeProvider time)
{
    private readonly BookOnce _once = new(books, tables);

    /// <summary>Books each call once. Returns the calls that this delivery booked, with what they were charged.</summary>
    public async Task<List<StoredRequest>> BookAsync(
        Tenant tenant, IReadOnlyList<UsageRecord> records, IReadOnlyDictionary<string, StoredCharge> charges, CancellationToken cancellationToken)
    {
        var stored = new List<StoredRequest>(records.Count);
        foreach (var chunk in CallBatches.Of(records)) stored.AddRange(await BookChunkAsync(tenant, chunk, charges, cancellationToken));
        return stored;
    }

    private async Task<IReadOnlyList<StoredRequest>> BookChunkAsync(
        Tenant tenant, List<UsageRecord> open, IReadOnlyDictionary<string, StoredCharge> charges, CancellationToken cancellationToken)
    {
        var earlier = new List<StoredRequest>();
        var swept = new Dictionary<string, (string ETag, UsageRecord Record)>(StringComparer.Ordinal);
        var booked = new List<StoredRequest>(open.Count);
        var result = await _once.BookAsync(
            BookKey.Wallet(tenant),
            open,
            Row,
            (view, records, token) => BuildAsync(view, records, charges, swept, booked, token),
            (record, row) =>
            {
                var existing = Json.Read(row.Data, MeteringJson.Default.StoredRequest);
                if (existing.Record.IsSwept && !record.IsSwept)
                {
                    // The sweep gave the call up and its record came after all: the record wins, once.
                    swept[record.Call] = (row.ETag, existing.Record);
                    return false;
                }

                earlier.Add(existing);
                return true;
            },
            cancellationToken);

        // What an earlier delivery booked is returned too: it may have died before the index was written.
        if (open.Count == 0) return earlier;

        // Only costs move a wallet.
        if (result.Head is { } head && booked.Any(request => request.CostEntry is not null)) await signals.AfterCostsAsync(tenant, head, cancellationToken);
        return [.. booked, .. earlier];
    }

    private async ValueTask<BookChange?> BuildAsync(
        BookView view,
        List<UsageRecord> records,
        IReadOnlyDictionary<string, StoredCharge> charges,
        Dictionary<string, (string ETag, UsageRecord Record)> swept,
        List<StoredRequest> booked,
        CancellationToken cancellationToken)
    {
        booked.Clear();
        var now = time.GetUtcNow();
        var head = view.Head ?? new BookHead();
        var sequence = head.Sequence + 1;
        var calls = new List<EntryCall>(records.Count);
        var costs = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var uncovered = head.Available(Account.Wallet);
        var leases = new LeaseUse(head);
        var days = new DayRollups();
        var quarters = new QuarterRollups(isWallet: true);
        var writes = new List<TableWrite>(records.Count + 8);
        foreach (var record in records)
        {
            var charge = record.CustomerId is null ? Charging.Price(record, ref head) : charges.GetValueOrDefault(record.Call);
            var stored = new StoredRequest(record, charge, null);
            if (!leases.Add(record.CostHolder ?? record.Instance, record.ReservedCost))
            {
                // Nothing is held for it: it takes what nobody holds, or nothing.
                if (stored.DueCost > uncovered) stored = stored with { ForgoneCost = stored.DueCost };
                else uncovered -= stored.DueCost;
            }

            if (stored.DueCost is > 0 and var cost)
            {
                stored = stored with { CostEntry = sequence };
                calls.Add(new EntryCall(record.Call, cost));
                costs[record.Provider] = costs.GetValueOrDefault(record.Provider) + cost;
            }

            days.Add(record, charge?.Amount ?? 0);
            quarters.Add(record, charge?.Amount ?? 0);
            booked.Add(stored);
            var data = Json.Write(stored, MeteringJson.Default.StoredRequest);
            if (swept.TryGetValue(record.Call, out var closed))
            {
                quarters.TakeBack(closed.Record);
                writes.Add(TableWrite.Replace(Row(record), data, closed.ETag));
            }
            else
            {
                writes.Add(TableWrite.Insert(Row(record), data));
            }
        }

        head = leases.TakeOff(head);
        if (calls.Count > 0)
        {
            var postings = new List<Posting>(costs.Count + 1) { new(Account.Wallet, -costs.Values.Sum()) };
            foreach (var (provider, sum) in costs) postings.Add(new Posting(Account.Cost(provider), sum));
            var entry = new Entry { Sequence = sequence, At = now, Reason = EntryReason.ProviderCost, Postings = postings, Calls = calls };
            head = Bookkeeping.Post(head, entry);
            writes.Add(TableWrite.Insert(BookRows.Entry(sequence), Json.Write(entry, LedgerJson.Default.Entry)));
        }

        await days.WriteAsync(view, writes, cancellationToken);
        await quarters.WriteAsync(view, writes, cancellationToken);
        return new BookChange(head, writes);
    }

    private static string Row(UsageRecord record) => BookRows.Call(Ulid.Mirror(record.Call));
}
