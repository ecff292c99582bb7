using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Customers.Checkout;

/// <summary>Checkout sessions. Of a session's secret, and of its return token, only the hash is kept.</summary>
internal sealed class CheckoutStore(ITableStore tables, ExpiryIndex expiry) : IExpiring
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "cs";

    private const string RowPrefix = "checkout|";
    private const string PointerRow = "checkout";
    private const string ReturnRow = "checkout-return";
    private const int MaxSecret = 100;

    /// <summary>How long the page of a session still says what became of it.</summary>
    private static readonly TimeSpan PageTime = TimeSpan.FromDays(30);

    /// <inheritdoc/>
    public string Kind => "checkout";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, CheckoutJson.Default.CheckoutPointer).ExpiresAt <= now;

    /// <summary>Adds a session and returns its raw secret.</summary>
    public async ValueTask<string> AddAsync(CheckoutSession session, CancellationToken cancellationToken)
    {
        var secret = $"css_{session.Tenant.Mode.Word()}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(37))}";
        await tables.CommitAsync(TableNames.Resources, session.Tenant.Partition, [TableWrite.Insert(Row(session.Id), Write(session))], cancellationToken);
        var pointer = new CheckoutPointer(session.MerchantId, session.IsLive, session.Id, session.CreatedAt + PageTime);
        await PointAsync(ReturnToken(secret), ReturnRow, pointer, cancellationToken);
        await PointAsync(secret, PointerRow, pointer, cancellationToken);
        return secret;
    }

    /// <summary>The token of the address to which a bank or a processor sends the customer back. Others keep that address, and it is stored with the payment,
    /// so it does not hold the secret: the token is made from it, not the other way round, and only shows how far the checkout is.</summary>
    public static string ReturnToken(string secret) =>
        "csr_" + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "lava checkout return"u8));

    /// <summary>The session of a raw secret; null where there is none.</summary>
    public ValueTask<CheckoutSession?> FindBySecretAsync(string secret, CancellationToken cancellationToken) =>
        FindByAsync(secret, PointerRow, cancellationToken);

    /// <summary>The session of a return token; null where there is none.</summary>
    public ValueTask<CheckoutSession?> FindByReturnAsync(string token, CancellationToken cancellationToken) => FindByAsync(token, ReturnRow, cancellationToken);

    /// <summary>A session with its version; null where there is none.</summary>
    public async ValueTask<(CheckoutSession Session, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, CheckoutJson.Default.CheckoutSession), row.ETag);
    }

    /// <summary>Changes a session.</summary>
    /// <param name="session">Which.</param>
    /// <param name="change">Makes the change from the session as it is; it may run several times. What it returns unchanged is not written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session afterwards.</returns>
    public async ValueTask<CheckoutSession> ChangeAsync(
        CheckoutSession session,
        Func<CheckoutSession, CheckoutSession> change,
        CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            // Sessions are never deleted.
            var (stored, etag) = (await FindAsync(session.Tenant, session.Id, cancellationToken))!.Value;
            var changed = change(stored);
            if (changed == stored) return stored;
            if ((await tables.CommitAsync(
                TableNames.Resources,
                session.Tenant.Partition,
                [TableWrite.Replace(Row(session.Id), Write(changed), etag)],
                cancellationToken)).IsCommitted)
                return changed;
        }
    }

    private async ValueTask PointAsync(string secret, string row, CheckoutPointer pointer, CancellationToken cancellationToken)
    {
        var hash = RawKey.Hash(secret);
        await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Credentials, hash, row), pointer.ExpiresAt, cancellationToken);
        await tables.CommitAsync(
            TableNames.Credentials,
            hash,
            [TableWrite.Insert(row, Json.Write(pointer, CheckoutJson.Default.CheckoutPointer))],
            cancellationToken);
    }

    private async ValueTask<CheckoutSession?> FindByAsync(string secret, string pointerRow, CancellationToken cancellationToken)
    {
        if (secret.Length > MaxSecret || await tables.GetAsync(TableNames.Credentials, RawKey.Hash(secret), pointerRow, cancellationToken) is not { } row)
            return null;
        var pointer = Json.Read(row.Data, CheckoutJson.Default.CheckoutPointer);
        return (await FindAsync(new Tenant(pointer.MerchantId, pointer.IsLive ? Mode.Live : Mode.Test), pointer.SessionId, cancellationToken))?.Session;
    }

    private static ReadOnlyMemory<byte> Write(CheckoutSession session) => Json.Write(session, CheckoutJson.Default.CheckoutSession);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);
}
