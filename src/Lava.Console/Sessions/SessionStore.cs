using System.Buffers.Text;
using System.Security.Cryptography;
using Lava.Core.Keys;
using Lava.Service.Accounts.Keys;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Console.Sessions;

/// <summary>Who is signed in. A session is a row, so it can be ended from anywhere; only the hash of its id is kept.</summary>
internal sealed class SessionStore(ITableStore tables, ExpiryIndex expiry, SecretKeyStore keys, TimeProvider time) : IExpiring
{
    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Whose sessions the operator's are, in the place of a merchant.</summary>
    public const string Operator = "operator";

    private const string RowPrefix = "session|";

    /// <inheritdoc/>
    public string Kind => "console-session";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, SessionsJson.Default.StoredSession).ExpiresAt <= now;

    /// <summary>Opens a session of both modes for the bearer of a link.</summary>
    public ValueTask<string> OpenAsync(string merchantId, CancellationToken cancellationToken) => OpenAsync(merchantId, true, true, null, cancellationToken);

    /// <summary>Opens a session of the operator's pages for the bearer of the admin secret.</summary>
    /// <param name="secretName">The secret's name (<c>AdminGate.NameAsync</c>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<string> OpenOperatorAsync(string secretName, CancellationToken cancellationToken) =>
        OpenAsync(Operator, false, false, null, cancellationToken, secretName);

    /// <summary>Opens a session for the bearer of a secret key. It sees the key's mode alone, as the key does.</summary>
    /// <returns>Its id, which is kept nowhere.</returns>
    public ValueTask<string> OpenAsync(SecretKeyIdentity key, CancellationToken cancellationToken) =>
        OpenAsync(key.Tenant.MerchantId, key.Tenant.Mode == Mode.Test, key.Tenant.Mode == Mode.Live, key.KeyId, cancellationToken);

    /// <summary>A session and what its bearer may do, which is what the key may do that opened it. Null where it has ended, or where that key is
    /// revoked.</summary>
    public async ValueTask<(StoredSession Session, Scopes Scopes)?> FindAsync(string merchantId, string id, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Merchants, Partition(merchantId), Row(id), cancellationToken) is not { } row) return null;
        var session = Json.Read(row.Data, SessionsJson.Default.StoredSession);
        if (session.ExpiresAt <= time.GetUtcNow()) return null;
        if (session.KeyId is null) return (session, Scopes.All);
        var tenant = new Tenant(merchantId, session.SeesLive ? Mode.Live : Mode.Test);
        return await keys.FindAsync(tenant, session.KeyId, cancellationToken) is { } key ? (session, Scopes.Of(key.Scopes)) : null;
    }

    /// <summary>Ends a session.</summary>
    public async ValueTask EndAsync(string merchantId, string id, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.Merchants, Partition(merchantId), [TableWrite.Delete(Row(id))], cancellationToken);

    /// <summary>Ends every session of a merchant.</summary>
    public async ValueTask EndAllAsync(string merchantId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rows = await tables.QueryAsync(
                TableNames.Merchants,
                Partition(merchantId),
                KeyRange.Prefix(RowPrefix),
                TableLimits.MaxWrites,
                cancellationToken);
            if (rows.Count == 0) return;

            // One by one: one that ends by itself meanwhile would undo a transaction of all.
            foreach (var row in rows)
                await tables.CommitAsync(TableNames.Merchants, Partition(merchantId), [TableWrite.Delete(row.Key)], cancellationToken);
        }
    }

    private async ValueTask<string> OpenAsync(
        string merchantId,
        bool seesTest,
        bool seesLive,
        string? keyId,
        CancellationToken cancellationToken,
        string? secretName = null)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var session = new StoredSession(seesTest, seesLive, keyId, now, now + Lifetime) { AdminSecret = secretName };
        var (partition, row) = (Partition(merchantId), Row(id));
        await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Merchants, partition, row), session.ExpiresAt, cancellationToken);
        await tables.CommitAsync(
            TableNames.Merchants,
            partition,
            [TableWrite.Insert(row, Json.Write(session, SessionsJson.Default.StoredSession))],
            cancellationToken);
        return id;
    }

    private static string Partition(string merchantId) => "console|" + merchantId;

    private static string Row(string id) => RowPrefix + RawKey.Hash(id);
}
