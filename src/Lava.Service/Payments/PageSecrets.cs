using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Service.Ports.Tables;
using Lava.Service.Ports.Vault;
using Lava.Service.Storage;

namespace Lava.Service.Payments;

/// <summary>The secrets in the addresses of the simulator's pages. A secret is made of the page's id and a key in the vault, so no table holds one and an
/// address can be shown again.</summary>
public sealed class PageSecrets(ITableStore tables, IVault vault, TimeProvider time)
{
    private const string Partition = "page-secrets";
    private const string Row = "key";
    private const int KeyBytes = 32;

    // Where no vault is configured: pages then last as long as this process.
    private readonly byte[] _own = RandomNumberGenerator.GetBytes(KeyBytes);
    private volatile byte[]? _key;

    /// <summary>The secret of a page, 64 hexadecimal digits.</summary>
    public async ValueTask<string> OfAsync(string id, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key ?? await FindKeyAsync(cancellationToken), Encoding.UTF8.GetBytes(id)));

    /// <summary>Whether a secret is the page's.</summary>
    public async ValueTask<bool> IsAsync(string id, string secret, CancellationToken cancellationToken) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(await OfAsync(id, cancellationToken)), Encoding.UTF8.GetBytes(secret));

    private async ValueTask<byte[]> FindKeyAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var row = await tables.GetAsync(TableNames.Payments, Partition, Row, cancellationToken);
            if (row is not null && await vault.GetAsync(Json.Read(row.Data, PaymentsJson.Default.String), cancellationToken) is { } kept)
                return _key = Convert.FromBase64String(kept);

            // The key first, then the row that names it: of two instances that make one at once, both use the one that the row names.
            var name = "page-key-" + Ulid.Create(time.GetUtcNow());
            try
            {
                await vault.SetAsync(name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)), cancellationToken);
            }
            catch (VaultException)
            {
                return _own;
            }

            var named = Json.Write(name, PaymentsJson.Default.String);
            var write = row is null ? TableWrite.Insert(Row, named) : TableWrite.Replace(Row, named, row.ETag);
            if (!(await tables.CommitAsync(TableNames.Payments, Partition, [write], cancellationToken)).IsCommitted)
                await vault.DeleteAsync(name, cancellationToken);
        }
    }
}
