using System.Buffers.Text;
using System.Security.Cryptography;
using Lava.Core.Keys;
using Lava.Service.Credentials;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Accounts.Login;

/// <summary>Codes that let somebody in once, and only for what they were made. Only their hashes are kept.</summary>
internal sealed class LoginCodes(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    /// <inheritdoc/>
    public string Kind => "login-code";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, LoginJson.Default.LoginCode).ExpiresAt <= now;

    /// <summary>Makes a code for a merchant.</summary>
    public ValueTask<string> CreateAsync(LoginPurpose purpose, Tenant tenant, CancellationToken cancellationToken) =>
        CreateAsync(purpose, new LoginGrant(tenant, Scopes.All), cancellationToken);

    /// <summary>Makes a code for a merchant and some scopes.</summary>
    public async ValueTask<string> CreateAsync(LoginPurpose purpose, LoginGrant grant, CancellationToken cancellationToken)
    {
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var stored = new LoginCode(grant.Tenant.MerchantId, grant.Tenant.Mode == Mode.Live, time.GetUtcNow() + purpose.Lifetime)
        {
            Scopes = grant.Scopes.Names,
        };
        var hash = RawKey.Hash(code);
        await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Credentials, hash, purpose.Row), stored.ExpiresAt, cancellationToken);
        await tables.CommitAsync(
            TableNames.Credentials,
            hash,
            [TableWrite.Insert(purpose.Row, Json.Write(stored, LoginJson.Default.LoginCode))],
            cancellationToken);
        return code;
    }

    /// <summary>Takes a code: whose it is; null where it is unknown, used or expired. Of two who take it at once one gets it.</summary>
    public async ValueTask<LoginGrant?> TakeAsync(LoginPurpose purpose, string code, CancellationToken cancellationToken)
    {
        var hash = RawKey.Hash(code);
        if (await tables.GetAsync(TableNames.Credentials, hash, purpose.Row, cancellationToken) is not { } row) return null;
        if (!(await tables.CommitAsync(TableNames.Credentials, hash, [TableWrite.Delete(purpose.Row, row.ETag)], cancellationToken)).IsCommitted) return null;
        var stored = Json.Read(row.Data, LoginJson.Default.LoginCode);
        return stored.ExpiresAt > time.GetUtcNow()
            ? new LoginGrant(new Tenant(stored.MerchantId, stored.IsLive ? Mode.Live : Mode.Test), Scopes.Of(stored.Scopes))
            : null;
    }
}
