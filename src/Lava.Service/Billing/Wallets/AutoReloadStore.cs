using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Wallets;

/// <summary>How merchants' wallets are filled by themselves.</summary>
public sealed class AutoReloadStore(ITableStore tables, TimeProvider time)
{
    private const string Row = "auto-reload";

    private readonly TimedCache<Tenant, AutoReload> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>A wallet's rule; null where it is not filled by itself.</summary>
    public async ValueTask<AutoReload?> FindAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Resources, tenant.Partition, Row, cancellationToken) is { } row
            ? Json.Read(row.Data, WalletsJson.Default.AutoReload)
            : null;

    /// <summary>The rule as it was at most a few seconds ago.</summary>
    public async ValueTask<AutoReload?> FindCachedAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(tenant, out var kept)) return kept;
        var mark = _kept.Mark;
        var found = await FindAsync(tenant, cancellationToken);
        _kept.Set(tenant, found, mark);
        return found;
    }

    /// <summary>Sets or clears the rule.</summary>
    public async ValueTask SetAsync(Tenant tenant, AutoReload? rule, CancellationToken cancellationToken)
    {
        var write = rule is null ? TableWrite.Delete(Row) : TableWrite.Put(Row, Json.Write(rule, WalletsJson.Default.AutoReload));
        await tables.CommitAsync(TableNames.Resources, tenant.Partition, [write], cancellationToken);
        _kept.Remove(tenant);
    }
}
