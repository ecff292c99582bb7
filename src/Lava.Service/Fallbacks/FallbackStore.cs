using Lava.Core.Keys;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Fallbacks;

/// <summary>A tenant's own chain of fallbacks, for calls that bring none.</summary>
public sealed class FallbackStore(ITableStore tables)
{
    private const string Row = "fallbacks";

    /// <summary>The chain.</summary>
    public async ValueTask<FallbackChain> GetAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        var row = await tables.GetAsync(Tables.Resources, tenant.Partition, Row, cancellationToken);
        return row is null ? new FallbackChain(null) : Json.Read(row.Data, FallbacksJson.Default.FallbackChain);
    }

    /// <summary>Sets the chain.</summary>
    public async ValueTask SetAsync(Tenant tenant, FallbackChain chain, CancellationToken cancellationToken) =>
        await tables.CommitAsync(Tables.Resources, tenant.Partition, [TableWrite.Put(Row, Json.Write(chain, FallbacksJson.Default.FallbackChain))], cancellationToken);
}
