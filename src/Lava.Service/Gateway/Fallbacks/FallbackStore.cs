using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Gateway.Fallbacks;

/// <summary>A tenant's own chain of fallbacks, for calls that bring none.</summary>
internal sealed class FallbackStore(ITableStore tables, TimeProvider time)
{
    private const string Row = "fallbacks";

    private readonly TimedCache<Tenant, FallbackChain> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>The chain.</summary>
    public async ValueTask<FallbackChain> GetAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row, cancellationToken);
        return row is null ? new FallbackChain(null) : Json.Read(row.Data, FallbacksJson.Default.FallbackChain);
    }

    /// <summary>The chain as it was at most a few seconds ago; never an older one than this instance has set.</summary>
    public async ValueTask<FallbackChain> GetCachedAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (_kept.TryGet(tenant, out var kept)) return kept!;
        var mark = _kept.Mark;
        var chain = await GetAsync(tenant, cancellationToken);
        _kept.Set(tenant, chain, mark);
        return chain;
    }

    /// <summary>Sets the chain.</summary>
    public async ValueTask SetAsync(Tenant tenant, FallbackChain chain, CancellationToken cancellationToken)
    {
        try
        {
            await tables.CommitAsync(
                TableNames.Resources,
                tenant.Partition,
                [TableWrite.Put(Row, Json.Write(chain, FallbacksJson.Default.FallbackChain))],
                cancellationToken);
        }
        finally
        {
            // Whatever became of the write: it may be there though its answer was lost.
            _kept.Remove(tenant);
        }
    }
}
