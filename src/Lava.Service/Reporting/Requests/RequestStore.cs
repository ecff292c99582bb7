using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Gateway.Calls;
using Lava.Service.Ledger.Books;
using Lava.Service.Metering;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Pending;
using Lava.Service.Metering.Records;
using Lava.Service.Metering.Rollups;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.Extensions.Options;

namespace Lava.Service.Reporting.Requests;

/// <summary>Finds and lists requests. Each list walks one index, newest first, so its cost grows with the page (and, where several conditions meet, with what
/// the narrowest index holds), never with all requests.</summary>
internal sealed class RequestStore(ITableStore tables, PendingCalls pending, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int Step = 200;

    /// <summary>Most requests that a page reads.</summary>
    private const int MostRead = 2_000;

    /// <summary>How long after its beginning a call without any row is still waited for.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    /// <summary>Waits for a call that is about to be booked, milliseconds; a quarter of a second together.</summary>
    private static readonly int[] CheckDelays = [5, 10, 20, 40, 75, 100];

    /// <summary>Hash under which a merchant's own request id is claimed.</summary>
    public static string HashOf(string requestId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)));

    /// <summary>A request by id; null where there is none. An id that the gateway has given out is always found: a call that is not booked yet is pending, and
    /// one that left nothing behind (it was refused before it was sent) is an error.</summary>
    public async ValueTask<RequestResponse?> FindAsync(Tenant tenant, string requestId, CancellationToken cancellationToken)
    {
        if (Id.TryGetUlid(requestId, "req", tenant.Mode, out var call))
        {
            // What was kept past its time is shown no more.
            if (await ReadAsync(tenant, call, cancellationToken) is { Record.ClaimHash: null } stored)
                return stored.IsStripped ? null : RequestViews.Show(stored);
            if (await pending.FindAsync(call, cancellationToken) is { } row && row.MerchantId == tenant.MerchantId && row.IsLive == (tenant.Mode == Mode.Live))
                return RequestViews.ShowPending(row.Draft);
        }

        // Any text may be a merchant's own id, one that looks like Lava's included.
        var claim = await tables.GetAsync(TableNames.Books, BookKey.Wallet(tenant).Partition, BookRows.Claim(HashOf(requestId)), cancellationToken);
        if (claim is not null)
        {
            var reported = await ReadAsync(tenant, Json.Read(claim.Data, RequestsJson.Default.RequestClaim).Call, cancellationToken);
            return reported is null or { IsStripped: true } ? null : RequestViews.Show(reported);
        }

        return call.Length > 0 && CallId.IsOf(call, tenant.Partition) ? await FindGivenOutAsync(tenant, requestId, call, cancellationToken) : null;
    }

    // A call that took less than a moment has no row before it is booked, on whichever instance it was.
    private async ValueTask<RequestResponse> FindGivenOutAsync(Tenant tenant, string requestId, string call, CancellationToken cancellationToken)
    {
        var begun = Ulid.TimeOf(call);
        for (var i = 0; i < CheckDelays.Length && time.GetUtcNow() - begun < Fresh; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(CheckDelays[i]), time, cancellationToken);
            if (await ReadAsync(tenant, call, cancellationToken) is { } stored) return RequestViews.Show(stored);
        }

        var isOver = time.GetUtcNow() - begun > TimeSpan.FromSeconds(options.Value.SweepAfterSeconds);
        var draft = new UsageRecord
        {
            Call = call, RequestId = requestId, CreatedAt = begun, CompletedAt = begun, Provider = "unknown", ProviderKeyType = "managed", Endpoint = "",
            IsError = isOver, ErrorCode = isOver ? CallFailure.NotRecorded.Code : null,
        };
        return isOver ? RequestViews.Show(new StoredRequest(draft, null, null)) : RequestViews.ShowPending(draft);
    }

    /// <summary>A metered request by its call; null where there is none.</summary>
    public async ValueTask<StoredRequest?> ReadAsync(Tenant tenant, string call, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Books, BookKey.Wallet(tenant).Partition, BookRows.Call(Ulid.Mirror(call)), cancellationToken);
        return row is null ? null : Json.Read(row.Data, MeteringJson.Default.StoredRequest);
    }

    /// <summary>Requests that match, newest first. Null where the cursor is none of this list. A page reads at most <see cref="MostRead"/> requests: where few
    /// of them match it is short, or empty, and its cursor goes on from there.</summary>
    public async ValueTask<ListResponse<RequestResponse>?> ListAsync(
        Tenant tenant, RequestFilter filter, RequestConditions conditions, ListQuery page, CancellationToken cancellationToken)
    {
        string? after = null;
        if (page.Cursor is not null)
        {
            // The cursor is a request's id, which for reported usage is the merchant's own.
            if (await CallOfAsync(tenant, page.Cursor, cancellationToken) is not { } call) return null;
            after = Ulid.Mirror(call);
        }

        var found = new List<RequestResponse>();
        if (filter.IsEmpty) return Paging.Of(found, page.Limit, NextOf);
        if (filter.RequestId is { } one)
        {
            // One request is found as it is by its id; the other conditions must hold too.
            if (page.Cursor is null && await FindOneAsync(tenant, one, filter, conditions, cancellationToken) is { } shown) found.Add(shown);
            return Paging.Of(found, page.Limit, NextOf);
        }

        var index = IndexOf(tenant, filter, conditions);

        // What a customer on a test clock leaves behind has the clock's time, and a key by real time.
        var isByTime = tenant.Mode == Mode.Live || filter is { CustomerId: not null, IsClocked: false };
        var range = isByTime ? conditions.RangeOf(index.Prefix) : KeyRange.Prefix(index.Prefix);
        if (after is not null && string.CompareOrdinal(index.Prefix + after, range.From) >= 0) range = range.After(index.Prefix + after);
        var isPlain = index.IsWallet && conditions == new RequestConditions();
        for (var read = 0; read < MostRead;)
        {
            var take = isPlain ? page.Limit + 1 - found.Count : Step;
            var rows = await tables.QueryAsync(index.Table, index.Partition, range, take, cancellationToken);
            foreach (var row in rows)
            {
                var stored = index.IsWallet
                    ? Json.Read(row.Data, MeteringJson.Default.StoredRequest)
                    : await ReadAsync(tenant, Ulid.Mirror(row.Key.AsSpan(index.Prefix.Length)), cancellationToken);
                read++;

                // Everything older is stripped too.
                if (stored is { IsStripped: true }) return Paging.Of(found, page.Limit, NextOf);
                if (stored is null || !IsMatch(stored.Record, filter) || !conditions.Hold(stored.Record)) continue;
                found.Add(RequestViews.Show(stored));
                if (found.Count > page.Limit) return Paging.Of(found, page.Limit, NextOf);
            }

            if (rows.Count < take) return Paging.Of(found, page.Limit, NextOf);
            range = range.After(rows[^1].Key);
        }

        // The last one that was read, whether it matches or not.
        var last = Ulid.Mirror(range.From.AsSpan(index.Prefix.Length, Ulid.Length));
        return new ListResponse<RequestResponse>(found, true, ForwardCall.RequestIdOf(tenant, last));

        static string NextOf(RequestResponse shown) => shown.RequestId;
    }

    private async ValueTask<RequestResponse?> FindOneAsync(
        Tenant tenant, string requestId, RequestFilter filter, RequestConditions conditions, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, requestId, cancellationToken) is not { } shown || !IsMatch(shown, filter)) return null;
        if (conditions == new RequestConditions()) return shown;

        // What is still under way has neither cost nor status, so no condition holds for it.
        return await CallOfAsync(tenant, requestId, cancellationToken) is { } call
            && await ReadAsync(tenant, call, cancellationToken) is { } stored
            && conditions.Hold(stored.Record) ? shown : null;
    }

    private async ValueTask<string?> CallOfAsync(Tenant tenant, string requestId, CancellationToken cancellationToken)
    {
        var claim = await tables.GetAsync(TableNames.Books, BookKey.Wallet(tenant).Partition, BookRows.Claim(HashOf(requestId)), cancellationToken);
        if (claim is not null) return Json.Read(claim.Data, RequestsJson.Default.RequestClaim).Call;
        return Id.TryGetUlid(requestId, "req", tenant.Mode, out var call) ? call : null;
    }

    private static (string Table, string Partition, string Prefix, bool IsWallet) IndexOf(
        Tenant tenant, RequestFilter filter, RequestConditions conditions) =>
        conditions.AsksForErrors ? (TableNames.RequestIndex, RequestIndex.Errors(tenant), "", false)
        : filter.Pairs.Count > 0 ? (TableNames.RequestIndex, RequestIndex.ByPair(tenant, filter.Pairs[0].Key, filter.Pairs[0].Value), "", false)
        : filter.CustomerId is not null ? (TableNames.Books, BookKey.Customer(tenant, filter.CustomerId).Partition, BookRows.CallPrefix, false)
        : filter.SpendKeyId is not null ? (TableNames.Books, BookKey.SpendKey(tenant, filter.SpendKeyId).Partition, BookRows.CallPrefix, false)
        : filter.MeterId is not null ? (TableNames.RequestIndex, RequestIndex.ByMeter(tenant, filter.MeterId), "", false)
        : conditions.Model is not null ? (TableNames.RequestIndex, RequestIndex.ByModel(tenant, conditions.Model), "", false)
        : (TableNames.Books, BookKey.Wallet(tenant).Partition, BookRows.CallPrefix, true);

    private static bool IsMatch(RequestResponse shown, RequestFilter filter) =>
        (filter.CustomerId is null || shown.CustomerId == filter.CustomerId)
        && (filter.MeterId is null || shown.MeterId == filter.MeterId)
        && (filter.SpendKeyId is null || shown.SpendKeyId == filter.SpendKeyId)
        && filter.Pairs.All(pair => shown.Metadata.GetValueOrDefault(pair.Key) == pair.Value);

    private static bool IsMatch(UsageRecord record, RequestFilter filter) =>
        (filter.CustomerId is null || record.CustomerId == filter.CustomerId)
        && (filter.MeterId is null || record.MeterId == filter.MeterId)
        && (filter.SpendKeyId is null || record.SpendKeyId == filter.SpendKeyId)
        && filter.Pairs.All(pair => record.Metadata?.GetValueOrDefault(pair.Key) == pair.Value);
}
