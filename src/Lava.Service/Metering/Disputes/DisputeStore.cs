using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering.Booking;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Metering.Disputes;

/// <summary>Keeps what providers reported beyond what can be, until the operator has compared it with the provider's bill and decided. Only what the wallet
/// would pay is disputed: of a call with the merchant's own key the request alone tells.</summary>
internal sealed class DisputeStore(ITableStore tables, BookStore books, TimeProvider time)
{
    private const string Open = "disputes|open";
    private const string Decided = "disputes|decided";

    /// <summary>Opens the disputes of metered requests; one that is open or decided already stays as it is.</summary>
    internal async ValueTask AddAsync(Tenant tenant, IReadOnlyList<StoredRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            if (request.Record is not { Dispute: { } disputed, IsManaged: true, IsError: false } record) continue;
            var key = Ulid.Mirror(record.Call);
            if (await tables.GetAsync(TableNames.Merchants, Decided, key, cancellationToken) is not null) continue;
            var row = new StoredDispute(
                tenant.MerchantId,
                tenant.Mode == Mode.Live,
                record.Call,
                record.RequestId,
                record.Provider,
                record.Model,
                record.CreatedAt,
                record.Cost,
                disputed.HeldCost,
                disputed.Reported);
            await tables.CommitAsync(
                TableNames.Merchants,
                Open,
                [TableWrite.Insert(key, Json.Write(row, DisputesJson.Default.StoredDispute))],
                cancellationToken);
        }
    }

    /// <summary>Disputes, newest call first.</summary>
    /// <param name="isOpen">Those that wait, or those that are decided.</param>
    /// <param name="take">Most of them.</param>
    /// <param name="after">The call after which they begin; null for the newest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<StoredDispute>> ListAsync(bool isOpen, int take, string? after, CancellationToken cancellationToken)
    {
        var range = after is null ? KeyRange.Prefix("") : KeyRange.Prefix("").After(Ulid.Mirror(after));
        var rows = await tables.QueryAsync(TableNames.Merchants, isOpen ? Open : Decided, range, take, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, DisputesJson.Default.StoredDispute))];
    }

    /// <summary>Decides a dispute: the wallet is charged the rest, once whatever fails on the way, or never. Null where there is no such dispute. One that is
    /// decided stays so.</summary>
    /// <param name="call">The call's ULID.</param>
    /// <param name="isCharged">Whether the provider was right.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<StoredDispute?> DecideAsync(string call, bool isCharged, CancellationToken cancellationToken)
    {
        var key = Ulid.Mirror(call);
        var known = await tables.GetAsync(TableNames.Merchants, Decided, key, cancellationToken);
        var row = await tables.GetAsync(TableNames.Merchants, Open, key, cancellationToken);
        if (row is null) return known is null ? null : Json.Read(known.Data, DisputesJson.Default.StoredDispute);
        var dispute = Json.Read((known ?? row).Data, DisputesJson.Default.StoredDispute);

        // The decision first: of two at once one is written, and the money follows it. One that was cut off between the two is brought to its end here.
        if (known is null) dispute = dispute with { Decision = isCharged ? "charged" : "dismissed", DecidedAt = time.GetUtcNow() };
        var decided = await tables.CommitAsync(
            TableNames.Merchants,
            Decided,
            [TableWrite.Insert(key, Json.Write(dispute, DisputesJson.Default.StoredDispute))],
            cancellationToken);
        if (known is null && !decided.IsCommitted && await tables.GetAsync(TableNames.Merchants, Decided, key, cancellationToken) is { } first)
            dispute = Json.Read(first.Data, DisputesJson.Default.StoredDispute);
        await FinishAsync(dispute, key, cancellationToken);
        return dispute;
    }

    private async ValueTask FinishAsync(StoredDispute dispute, string key, CancellationToken cancellationToken)
    {
        if (dispute.Decision == "charged") await ChargeAsync(dispute, cancellationToken);
        await tables.CommitAsync(TableNames.Merchants, Open, [TableWrite.Delete(key)], cancellationToken);
    }

    private async ValueTask ChargeAsync(StoredDispute dispute, CancellationToken cancellationToken)
    {
        var tenant = new Tenant(dispute.MerchantId, dispute.IsLive ? Mode.Live : Mode.Test);
        await books.ChangeAsync(BookKey.Wallet(tenant), (view, _) =>
        {
            var edit = new BookEdit(view.Head ?? new BookHead(), time.GetUtcNow());
            var number = edit.Post(
                EntryReason.Dispute,
                dispute.RequestId,
                new Posting(Account.Wallet, -dispute.HeldCost),
                new Posting(Account.Cost(dispute.Provider), dispute.HeldCost));
            return ValueTask.FromResult<BookChange?>(new BookChange(
                edit.Head,
                [
                    TableWrite.Insert(BookRows.Disputed(dispute.Call), "{}"u8.ToArray()),
                    TableWrite.Insert(BookRows.Entry(number), Json.Write(edit.Entries[0], LedgerJson.Default.Entry)),
                ]));
        }, cancellationToken);
    }
}
