using System.Buffers.Text;
using System.Security.Cryptography;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Customers.Portal;

/// <summary>Links to the portal, and the visits that they become. Of a link's secret and of a visit's id only the hash is kept. A link is no visit: who has
/// read one in a log or a history, after it was opened, has nothing.</summary>
public sealed class PortalStore(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "ps";

    private const string LinkRow = "portal-link";
    private const string VisitRow = "portal-visit";
    private const int MaxSecret = 64;

    /// <inheritdoc/>
    public string Kind => "portal";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, PortalJson.Default.PortalSession).ExpiresAt <= now;

    /// <summary>Adds a link and returns its secret.</summary>
    public ValueTask<string> AddAsync(PortalSession session, CancellationToken cancellationToken) => PutAsync(LinkRow, session, cancellationToken);

    /// <summary>Opens a link: the id of the visit, which is kept nowhere; null where the link is unknown, used or expired. Of two who open it at once one gets
    /// in.</summary>
    public async ValueTask<(string Id, PortalSession Session)?> OpenAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length > MaxSecret) return null;
        var hash = RawKey.Hash(secret);
        if (await tables.GetAsync(TableNames.Credentials, hash, LinkRow, cancellationToken) is not { } row) return null;
        if (!(await tables.CommitAsync(TableNames.Credentials, hash, [TableWrite.Delete(LinkRow, row.ETag)], cancellationToken)).IsCommitted) return null;
        var link = Json.Read(row.Data, PortalJson.Default.PortalSession);
        var now = time.GetUtcNow();
        if (link.ExpiresAt <= now) return null;
        var visit = link with { ExpiresAt = now + PortalSession.VisitLifetime };
        return (await PutAsync(VisitRow, visit, cancellationToken), visit);
    }

    /// <summary>A visit by its id; null where it has ended.</summary>
    public async ValueTask<PortalSession?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ReadAsync(id, cancellationToken))?.Session is { } session && session.ExpiresAt > time.GetUtcNow() ? session : null;

    /// <summary>Changes a visit; nothing happens where it has ended.</summary>
    /// <param name="id">Which.</param>
    /// <param name="change">Makes the change; it may run several times.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask ChangeAsync(string id, Func<PortalSession, PortalSession> change, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            if (await ReadAsync(id, cancellationToken) is not (var session, var etag)) return;
            var write = TableWrite.Replace(VisitRow, Json.Write(change(session), PortalJson.Default.PortalSession), etag);
            if ((await tables.CommitAsync(TableNames.Credentials, RawKey.Hash(id), [write], cancellationToken)).IsCommitted) return;
        }
    }

    /// <summary>Ends a visit.</summary>
    public async ValueTask EndAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length <= MaxSecret) await tables.CommitAsync(TableNames.Credentials, RawKey.Hash(id), [TableWrite.Delete(VisitRow)], cancellationToken);
    }

    private async ValueTask<(PortalSession Session, string ETag)?> ReadAsync(string id, CancellationToken cancellationToken) =>
        id.Length <= MaxSecret && await tables.GetAsync(TableNames.Credentials, RawKey.Hash(id), VisitRow, cancellationToken) is { } row
            ? (Json.Read(row.Data, PortalJson.Default.PortalSession), row.ETag)
            : null;

    private async ValueTask<string> PutAsync(string row, PortalSession session, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var hash = RawKey.Hash(secret);
        await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Credentials, hash, row), session.ExpiresAt, cancellationToken);
        await tables.CommitAsync(
            TableNames.Credentials,
            hash,
            [TableWrite.Insert(row, Json.Write(session, PortalJson.Default.PortalSession))],
            cancellationToken);
        return secret;
    }
}
