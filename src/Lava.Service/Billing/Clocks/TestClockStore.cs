using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Clocks;

/// <summary>A tenant's test clocks.</summary>
public sealed class TestClockStore(ITableStore tables)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "clk";

    private const string RowPrefix = "test-clock|";

    /// <summary>Adds a clock.</summary>
    public async ValueTask AddAsync(Tenant tenant, TestClock clock, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.Resources, tenant.Partition, [TableWrite.Insert(Row(clock.Id), Write(clock))], cancellationToken);

    /// <summary>A clock with its version; null where there is none.</summary>
    public async ValueTask<(TestClock Clock, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, StoredClocksJson.Default.TestClock), row.ETag);
    }

    /// <summary>Replaces a clock of that version; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, TestClock clock, string etag, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [TableWrite.Replace(Row(clock.Id), Write(clock), etag)],
            cancellationToken)).IsCommitted;

    /// <summary>Clocks, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<TestClock>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, StoredClocksJson.Default.TestClock))];
    }

    private static ReadOnlyMemory<byte> Write(TestClock clock) => Json.Write(clock, StoredClocksJson.Default.TestClock);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);
}
