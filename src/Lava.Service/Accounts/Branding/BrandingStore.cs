using Lava.Core.Keys;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.Branding;

/// <summary>How merchants show themselves to their customers: one row for each mode.</summary>
public sealed class BrandingStore(ITableStore tables)
{
    private const string Row = "branding";

    /// <summary>What is set.</summary>
    public async ValueTask<BrandingSettings> GetAsync(Tenant tenant, CancellationToken cancellationToken) =>
        (await FindAsync(tenant, cancellationToken)).Settings;

    /// <summary>Changes what is set.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="change">Makes the change; it may run several times.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is set afterwards.</returns>
    public async ValueTask<BrandingSettings> ChangeAsync(Tenant tenant, Func<BrandingSettings, BrandingSettings> change, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var (before, etag) = await FindAsync(tenant, cancellationToken);
            var after = change(before);
            var data = Json.Write(after, BrandingJson.Default.BrandingSettings);
            var write = etag is null ? TableWrite.Insert(Row, data) : TableWrite.Replace(Row, data, etag);
            if ((await tables.CommitAsync(TableNames.Resources, tenant.Partition, [write], cancellationToken)).IsCommitted) return after;
        }
    }

    private async ValueTask<(BrandingSettings Settings, string? ETag)> FindAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Resources, tenant.Partition, Row, cancellationToken) is { } row
            ? (Json.Read(row.Data, BrandingJson.Default.BrandingSettings), row.ETag)
            : (BrandingSettings.None, null);
}
