using Lava.Core.Keys;
using Lava.Service.Billing;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Disputes;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Metering.Booking;

/// <summary>Turns usage records into charges, ledger entries, requests and roll-ups, each exactly once however often a record is delivered: every book that a
/// call touches holds a row named after the call, written in the transaction that moves the money.</summary>
public sealed class Meterer(BookStore books, ITableStore tables, RequestIndex index, PendingCalls pending, BillingTriggers signals, TimeProvider time)
{
    private readonly CustomerCharges _customers = new(books, tables, signals, time);
    private readonly WalletCosts _wallets = new(books, tables, signals, time);
    private readonly DisputeStore _disputes = new(tables, books, time);
    private readonly SpendKeyCounts _spendKeys = new(books, tables);

    /// <summary>Meters records of one tenant. Safe to repeat, whole or in part, and to be cut off anywhere and repeated.</summary>
    /// <returns>The requests as stored, those of earlier deliveries included.</returns>
    public async Task<IReadOnlyList<StoredRequest>> MeterAsync(Tenant tenant, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        // A message may be in the batch twice.
        var distinct = records.DistinctBy(record => record.Call, StringComparer.Ordinal).ToList();

        var charges = new Dictionary<string, StoredCharge>(StringComparer.Ordinal);
        var byCustomer = distinct.Where(record => record.CustomerId is not null && !record.IsSwept).GroupBy(
            record => record.CustomerId!,
            StringComparer.Ordinal);
        foreach (var booked in await Task.WhenAll(byCustomer.Select(calls => _customers.ChargeAsync(tenant, calls.Key, [.. calls], cancellationToken))))
        {
            foreach (var (call, charge) in booked) charges[call] = charge;
        }

        var bySpendKey = distinct.Where(record => record.SpendKeyId is not null).GroupBy(record => record.SpendKeyId!, StringComparer.Ordinal);
        await Task.WhenAll(bySpendKey.Select(async calls =>
        {
            await _spendKeys.CountAsync(tenant, calls.Key, [.. calls], cancellationToken);
            await signals.AfterCallsAsync(tenant, calls.Key, cancellationToken);
        }));

        var requests = await _wallets.BookAsync(tenant, distinct, charges, cancellationToken);
        await index.WriteAsync(tenant, requests, cancellationToken);
        await _disputes.AddAsync(tenant, requests, cancellationToken);
        await pending.RemoveAsync(distinct, cancellationToken);
        return requests;
    }
}
