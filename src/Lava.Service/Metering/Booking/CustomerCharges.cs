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

/// <summary>Books calls on a customer: the charge, its marker, the meter's total and the day's roll-up in one transaction of the customer's book.</summary>
internal sealed class CustomerCharges(BookStore books, ITableStore tables, BillingTriggers signals, TimeProvider time)
{
    private readonly BookOnce _once = new(books, tables);

    /// <summary>Charges each call once and tells what it was charged, by its ULID: now or by an earlier delivery.</summary>
    public async Task<Dictionary<string, StoredCharge>> ChargeAsync(
        Tenant tenant, string customerId, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        var charges = new Dictionary<string, StoredCharge>(records.Count, StringComparer.Ordinal);
        var book = BookKey.Customer(tenant, customerId);
        BookHead? head = null;
        foreach (var chunk in CallBatches.Of(records))
        {
            var booked = new List<StoredCharge>(chunk.Count);
            var result = await _once.BookAsync(
                book,
                chunk,
                Marker,
                (view, open, token) => BuildAsync(view, open, booked, token),
                (record, marker) =>
                {
                    // An earlier delivery has charged it.
                    charges[record.Call] = Json.Read(marker.Data, MeteringJson.Default.StoredCharge);
                    return true;
                },
                cancellationToken);
            head = result.Head;
            for (var i = 0; i < chunk.Count; i++) charges[chunk[i].Call] = booked[i];
        }

        // Also after a delivery that changed nothing: the one that did may have died before it came here.
        if (head is not null) await signals.AfterChargesAsync(tenant, customerId, head, cancellationToken);
        return charges;
    }

    private async ValueTask<BookChange?> BuildAsync(BookView view, List<UsageRecord> records, List<StoredCharge> booked, CancellationToken cancellationToken)
    {
        booked.Clear();
        var now = time.GetUtcNow();
        var head = view.Head ?? new BookHead();
        var sequence = head.Sequence + 1;
        var calls = new List<EntryCall>(records.Count);
        var taken = 0m;
        var uncovered = head.Available(Account.Credits);
        var leases = new LeaseUse(head);
        var days = new DayRollups();
        var quarters = new QuarterRollups(isWallet: false);
        var writes = new List<TableWrite>(records.Count + 8);
        foreach (var record in records)
        {
            var charge = Charging.Price(record, ref head) ?? new StoredCharge(0, default, [], null);
            if (!leases.Add(record.ChargeHolder ?? record.Instance, record.ReservedCharge) && record is { IsBilled: true, IsReported: false })
            {
                // Nothing is held for it: it takes what nobody holds, or nothing. What a merchant reports is charged whatever is left.
                if (charge.Amount > uncovered) charge = charge with { Amount = 0, Breakdown = [], Forgone = charge.Amount };
                else uncovered -= charge.Amount;
            }

            if (record.IsBilled && charge.Amount > 0)
            {
                charge = charge with { Entry = sequence };
                calls.Add(new EntryCall(record.Call, charge.Amount));
                taken += charge.Amount;
            }

            days.Add(record, charge.Amount);
            quarters.Add(record, charge.Amount);
            booked.Add(charge);
            writes.Add(TableWrite.Insert(Marker(record), Json.Write(charge, MeteringJson.Default.StoredCharge)));
        }

        head = leases.TakeOff(head);
        if (taken > 0)
        {
            var entry = new Entry
            {
                Sequence = sequence,
                // A customer that lives by a test clock is charged at that clock's time, which its records carry.
                At = head.TestClockId is null ? now : records.Max(record => record.CreatedAt),
                Reason = EntryReason.UsageCharge,
                Postings = [new Posting(Account.Credits, -taken), new Posting(Account.Charges, taken)],
                Calls = calls,
            };
            head = Credits.Spend(Bookkeeping.Post(head, entry), taken);
            writes.Add(TableWrite.Insert(BookRows.Entry(sequence), Json.Write(entry, LedgerJson.Default.Entry)));
        }

        await days.WriteAsync(view, writes, cancellationToken);
        await quarters.WriteAsync(view, writes, cancellationToken);
        return new BookChange(head, writes);
    }

    private static string Marker(UsageRecord record) => BookRows.Call(Ulid.Mirror(record.Call));
}
