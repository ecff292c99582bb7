using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ledger.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Gateway.Batches;

/// <summary>Who has claimed which results. A claim is a row of the merchant's resources.</summary>
internal sealed class BatchClaims(ITableStore tables)
{
    private const string Prefix = "batch-results|";

    private const int Page = 1_000;

    /// <summary>Characters of a ULID that tell its time.</summary>
    private const int TimeLength = 10;

    /// <summary>What results are known again by.</summary>
    /// <param name="provider">The provider's id.</param>
    /// <param name="path">The path that they are fetched by. Its last segment but one is their id.</param>
    public static string KeyOf(string provider, string path)
    {
        var segments = path.TrimEnd('/').Split('/');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(provider + "|" + Uri.UnescapeDataString(segments[^2]))));
    }

    /// <summary>The ULID of the request that an answer is shown and charged as: the same whenever it is made.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="key">The results.</param>
    /// <param name="at">When they were claimed.</param>
    /// <param name="answer">The answer's key.</param>
    public static string CallOf(Tenant tenant, string key, DateTimeOffset at, string answer) =>
        CallId.Of(Ulid.Create(at, SHA256.HashData(Encoding.UTF8.GetBytes(key + "|" + answer))), tenant.Partition);

    /// <summary>The claim on results; null where there is none.</summary>
    public async ValueTask<BatchClaim?> FindAsync(Tenant tenant, string key, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Prefix + key, cancellationToken);
        return row is null ? null : Json.Read(row.Data, BatchesJson.Default.BatchClaim);
    }

    /// <summary>Makes a claim, or finds the one that was made before.</summary>
    /// <returns>The claim, and whether it is the given one.</returns>
    public async ValueTask<(BatchClaim Claim, bool IsNew)> ClaimAsync(Tenant tenant, string key, BatchClaim claim, CancellationToken cancellationToken)
    {
        var write = TableWrite.Insert(Prefix + key, Json.Write(claim, BatchesJson.Default.BatchClaim));
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if ((await tables.CommitAsync(TableNames.Resources, tenant.Partition, [write], cancellationToken)).IsCommitted) return (claim, true);
            if (await FindAsync(tenant, key, cancellationToken) is { } earlier) return (earlier, false);
        }
    }

    /// <summary>Notes that all answers of the results are charged.</summary>
    public async ValueTask FinishAsync(Tenant tenant, string key, BatchClaim claim) => await tables.CommitAsync(
        TableNames.Resources,
        tenant.Partition,
        [TableWrite.Put(Prefix + key, Json.Write(claim with { IsDone = true }, BatchesJson.Default.BatchClaim))],
        CancellationToken.None);

    /// <summary>The calls of a claim that are booked already: its server may have died between its records.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public async ValueTask<HashSet<string>> BookedAsync(Tenant tenant, BatchClaim claim, CancellationToken cancellationToken)
    {
        var book = claim.CustomerId is null ? BookKey.Wallet(tenant) : BookKey.Customer(tenant, claim.CustomerId);
        var range = KeyRange.Prefix(BookRows.CallPrefix + Ulid.Mirror(Ulid.Create(claim.At))[..TimeLength]);
        var booked = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.Books, book.Partition, range, Page, cancellationToken);
            foreach (var row in rows) booked.Add(Ulid.Mirror(row.Key.AsSpan(BookRows.CallPrefix.Length)));
            if (rows.Count < Page) return booked;
            range = range.After(rows[^1].Key);
        }
    }
}
