using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Http;
using Lava.Service.Ledger;
using Lava.Service.Metering;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Requests;

/// <summary>Finds and lists requests. Each list walks one index, newest first, so its cost grows with the page (and, where several conditions meet, with what the
/// narrowest index holds), never with all requests.</summary>
public sealed class RequestStore(ITableStore tables, PendingCalls pending)
{
    private const int Step = 200;

    /// <summary>Hash under which a merchant's own request id is claimed.</summary>
    public static string HashOf(string requestId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)));

    /// <summary>A request by id; null where there is none.</summary>
    public async ValueTask<RequestResponse?> FindAsync(Tenant tenant, string requestId, CancellationToken cancellationToken)
    {
        if (Id.TryGetUlid(requestId, "req", tenant.Mode, out var call))
        {
            if (await ReadAsync(tenant, call, cancellationToken) is { IsStripped: false } stored && stored.Record.ClaimHash is null) return RequestViews.Show(stored);
            if (await pending.FindAsync(call, cancellationToken) is { } row && row.MerchantId == tenant.MerchantId && row.IsLive == (tenant.Mode == Mode.Live)) return RequestViews.ShowPending(row.Draft);
        }

        // Any text may be a merchant's own id, one that looks like Lava's included.
        var claim = await tables.GetAsync(Tables.Books, BookKey.Wallet(tenant).Partition, BookRows.Claim(HashOf(requestId)), cancellationToken);
        if (claim is null) return null;
        var reported = await ReadAsync(tenant, Json.Read(claim.Data, RequestsJson.Default.RequestClaim).Call, cancellationToken);
        return reported is null or { IsStripped: true } ? null : RequestViews.Show(reported);
    }

    /// <summary>A metered request by its call; null where there is none.</summary>
    public async ValueTask<StoredRequest?> ReadAsync(Tenant tenant, string call, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Tables.Books, BookKey.Wallet(tenant).Partition, BookRows.Call(Ulid.Mirror(call)), cancellationToken);
        return row is null ? null : Json.Read(row.Data, MeteringJson.Default.StoredRequest);
    }

    /// <summary>Requests that match, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<RequestResponse>?> ListAsync(Tenant tenant, RequestFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        string? after = null;
        if (page.Cursor is not null)
        {
            // The cursor is a request's id, which for reported usage is the merchant's own.
            if (await CallOfAsync(tenant, page.Cursor, cancellationToken) is not { } call) return null;
            after = Ulid.Mirror(call);
        }

        var found = new List<RequestResponse>();
        if (filter.IsEmpty) return found;
        var index = IndexOf(tenant, filter);
        var range = KeyRange.Prefix(index.Prefix);
        if (after is not null) range = range.After(index.Prefix + after);
        while (found.Count <= page.Limit)
        {
            var take = filter is { CustomerId: null, MeterId: null, SpendKeyId: null, Pairs.Count: 0 } ? page.Limit + 1 - found.Count : Step;
            var rows = await tables.QueryAsync(index.Table, index.Partition, range, take, cancellationToken);
            foreach (var row in rows)
            {
                if (found.Count > page.Limit) break;
                var stored = index.IsWallet
                    ? Json.Read(row.Data, MeteringJson.Default.StoredRequest)
                    : await ReadAsync(tenant, Ulid.Mirror(row.Key.AsSpan(index.Prefix.Length)), cancellationToken);

                // Everything older is stripped too.
                if (stored is { IsStripped: true }) return found;
                if (stored is not null && IsMatch(stored.Record, filter)) found.Add(RequestViews.Show(stored));
            }

            if (rows.Count < take) break;
            range = range.After(rows[^1].Key);
        }

        return found;
    }

    private async ValueTask<string?> CallOfAsync(Tenant tenant, string requestId, CancellationToken cancellationToken)
    {
        var claim = await tables.GetAsync(Tables.Books, BookKey.Wallet(tenant).Partition, BookRows.Claim(HashOf(requestId)), cancellationToken);
        if (claim is not null) return Json.Read(claim.Data, RequestsJson.Default.RequestClaim).Call;
        return Id.TryGetUlid(requestId, "req", tenant.Mode, out var call) ? call : null;
    }

    private static (string Table, string Partition, string Prefix, bool IsWallet) IndexOf(Tenant tenant, RequestFilter filter) =>
        filter.Pairs.Count > 0 ? (Tables.RequestIndex, RequestIndex.ByPair(tenant, filter.Pairs[0].Key, filter.Pairs[0].Value), "", false)
        : filter.CustomerId is not null ? (Tables.Books, BookKey.Customer(tenant, filter.CustomerId).Partition, BookRows.CallPrefix, false)
        : filter.SpendKeyId is not null ? (Tables.Books, BookKey.SpendKey(tenant, filter.SpendKeyId).Partition, BookRows.CallPrefix, false)
        : filter.MeterId is not null ? (Tables.RequestIndex, RequestIndex.ByMeter(tenant, filter.MeterId), "", false)
        : (Tables.Books, BookKey.Wallet(tenant).Partition, BookRows.CallPrefix, true);

    private static bool IsMatch(UsageRecord record, RequestFilter filter) =>
        (filter.CustomerId is null || record.CustomerId == filter.CustomerId)
        && (filter.MeterId is null || record.MeterId == filter.MeterId)
        && (filter.SpendKeyId is null || record.SpendKeyId == filter.SpendKeyId)
        && filter.Pairs.All(pair => record.Metadata?.GetValueOrDefault(pair.Key) == pair.Value);
}
