using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Ledger;
using Lava.Core.Money;
using Lava.Service.Api.Lists;
using Lava.Service.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Reporting.Requests;
using Lava.Service.Storage;

namespace Lava.Service.Reporting.LedgerEntries;

/// <summary>Reads entries of books, newest first.</summary>
internal sealed class LedgerList(ITableStore tables, RequestStore requests)
{
    /// <summary>Most entries that one page walks: a filter that matches few gives a short page with a cursor to go on from.</summary>
    private const int MaxWalk = 2_000;

    private const int Step = 200;

    /// <summary>Words of reasons on the wire.</summary>
    public static string Word(EntryReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    /// <summary>An entry; null where there is none of that number.</summary>
    public async ValueTask<LedgerEntryResponse?> FindAsync(Tenant tenant, string? customerId, long sequence, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, EntryId.Book(tenant, customerId).Partition, BookRows.Entry(sequence), cancellationToken);
        return row is null ? null : await ShowAsync(tenant, customerId, Json.Read(row.Data, LedgerJson.Default.Entry), cancellationToken);
    }

    /// <summary>A page of a book.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="customerId">The customer whose book it is; null for the wallet.</param>
    /// <param name="filter">Which entries.</param>
    /// <param name="limit">Most entries of the page.</param>
    /// <param name="before">Number before which to begin; null for the newest.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<ListResponse<LedgerEntryResponse>> ListAsync(
        Tenant tenant,
        string? customerId,
        LedgerFilter filter,
        int limit,
        long? before,
        CancellationToken cancellationToken)
    {
        var partition = EntryId.Book(tenant, customerId).Partition;

        // The head names every account that has ever moved: where it lacks one, there is nothing to walk for.
        if (filter.Account is not null && !await HasMovedAsync(partition, filter.Account, cancellationToken))
            return await PageAsync(tenant, customerId, [], null, cancellationToken);
        var range = KeyRange.Prefix(BookRows.EntryPrefix);
        if (before is not null) range = range.After(BookRows.Entry(before.Value));
        var found = new List<Entry>();
        long? reached = null;
        for (var walked = 0; walked < MaxWalk;)
        {
            var take = filter.IsEmpty ? limit + 1 : Step;
            var rows = await tables.QueryAsync(TableNames.Books, partition, range, take, cancellationToken);
            foreach (var row in rows)
            {
                var entry = Json.Read(row.Data, LedgerJson.Default.Entry);
                if (filter.IsMatch(entry))
                {
                    if (found.Count == limit) return await PageAsync(tenant, customerId, found, found[^1].Sequence, cancellationToken);
                    found.Add(entry);
                }

                reached = entry.Sequence;
            }

            if (rows.Count < take) return await PageAsync(tenant, customerId, found, null, cancellationToken);
            walked += rows.Count;
            range = range.After(rows[^1].Key);
        }

        return await PageAsync(tenant, customerId, found, reached, cancellationToken);
    }

    private async ValueTask<bool> HasMovedAsync(string partition, string account, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Books, partition, BookRows.Head, cancellationToken) is { } row
            && Json.Read(row.Data, LedgerJson.Default.BookHead).Accounts.ContainsKey(account);

    private async ValueTask<ListResponse<LedgerEntryResponse>> PageAsync(
        Tenant tenant,
        string? customerId,
        List<Entry> entries,
        long? next,
        CancellationToken cancellationToken)
    {
        var shown = new LedgerEntryResponse[entries.Count];
        for (var i = 0; i < shown.Length; i++) shown[i] = await ShowAsync(tenant, customerId, entries[i], cancellationToken);
        return new ListResponse<LedgerEntryResponse>(shown, next is not null, next is null ? null : EntryId.Of(customerId, next.Value));
    }

    private async ValueTask<LedgerEntryResponse> ShowAsync(Tenant tenant, string? customerId, Entry entry, CancellationToken cancellationToken)
    {
        var calls = await Task.WhenAll(entry.Calls.Select(async call => new EntryRequestResponse(
            await IdOfAsync(tenant, call.Call, cancellationToken),
            Amount.Trimmed(call.Amount))));
        return new LedgerEntryResponse(
            EntryId.Of(customerId, entry.Sequence),
            entry.Sequence,
            entry.At,
            Word(entry.Reason),
            entry.Cause,
            [.. entry.Postings.Select(posting => new PostingResponse(posting.Account, Amount.Trimmed(posting.Amount)))],
            calls);
    }

    // A merchant's own id stands on the request; until that is booked, the call's own id names it.
    private async Task<string> IdOfAsync(Tenant tenant, string call, CancellationToken cancellationToken) =>
        (await requests.ReadAsync(tenant, call, cancellationToken))?.Record.RequestId ?? $"req_{tenant.Mode.Word()}_{call}";
}
