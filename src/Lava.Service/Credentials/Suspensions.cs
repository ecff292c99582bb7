using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Credentials;

/// <summary>Merchants whose calls the operator has stopped. Nothing of theirs is deleted. A change is seen at once on the instance that made it and within
/// <see cref="Authenticator.KeepTime"/> on the others, as with keys.</summary>
public sealed class Suspensions(ITableStore tables, TimeProvider time)
{
    private const string Partition = "suspended";

    private readonly TimedCache<string, Suspension> _kept = new(time, Authenticator.KeepTime, 50_000);

    /// <summary>A merchant's suspension, as it was known a few seconds ago at most; null where it has none.</summary>
    public ValueTask<Suspension?> FindAsync(string merchantId, CancellationToken cancellationToken) =>
        _kept.TryGet(merchantId, out var kept) ? new(kept) : LoadAsync(merchantId, cancellationToken);

    /// <summary>Stops a merchant's calls; one that is stopped stays so for its first reason.</summary>
    /// <returns>The suspension that holds.</returns>
    public async ValueTask<Suspension> AddAsync(string merchantId, string reason, CancellationToken cancellationToken)
    {
        var suspension = new Suspension(time.GetUtcNow(), reason);
        var added = await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Insert(merchantId, Json.Write(suspension, CredentialsJson.Default.Suspension))],
            cancellationToken);
        _kept.Remove(merchantId);
        return added.IsCommitted ? suspension : await LoadAsync(merchantId, cancellationToken) ?? suspension;
    }

    /// <summary>Lets a merchant call again; nothing happens where it may.</summary>
    public async ValueTask RemoveAsync(string merchantId, CancellationToken cancellationToken)
    {
        await tables.CommitAsync(TableNames.Merchants, Partition, [TableWrite.Delete(merchantId)], cancellationToken);
        _kept.Remove(merchantId);
    }

    private async ValueTask<Suspension?> LoadAsync(string merchantId, CancellationToken cancellationToken)
    {
        var mark = _kept.Mark;
        var row = await tables.GetAsync(TableNames.Merchants, Partition, merchantId, cancellationToken);
        var suspension = row is null ? null : Json.Read(row.Data, CredentialsJson.Default.Suspension);
        _kept.Set(merchantId, suspension, mark);
        return suspension;
    }
}
