using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Pricing.Plans;

/// <summary>A merchant's plans.</summary>
public sealed class PlanStore(ITableStore tables, TimeProvider time)
{
    /// <summary>Prefix of the ids of plans.</summary>
    public const string Prefix = "sc";

    private const string RowPrefix = "plan|";
    private const string DeletedPrefix = "deleted-";

    /// <summary>Prefix of the ids of credit bundles.</summary>
    public const string BundlePrefix = "cb";

    private readonly TimedCache<(Tenant, string), Plan> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Makes the Free plan that every merchant has.</summary>
    public async ValueTask<Plan> CreateFreeAsync(Tenant tenant, decimal includedCredit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var plan = new Plan
        {
            Id = Id.Create(Prefix, tenant.Mode, now),
            Name = "Free",
            IncludedCredit = includedCredit,
            CoversEveryMeter = true,
            CreatedAt = now,
        };
        await AddAsync(tenant, plan, cancellationToken);
        return plan;
    }

    /// <summary>Adds a plan with its bundles.</summary>
    public async ValueTask AddAsync(Tenant tenant, Plan plan, CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite> { TableWrite.Insert(Row(plan.Id), Json.Write(plan, PlansJson.Default.Plan)) };
        foreach (var bundle in plan.Bundles) writes.Add(TableWrite.Insert(BundleRow(bundle.Id), Json.Write(bundle, PlansJson.Default.CreditBundle)));
        await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
    }

    /// <summary>A plan with its version; null where there is none.</summary>
    public async ValueTask<(Plan Plan, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PlansJson.Default.Plan), row.ETag);
    }

    /// <summary>A plan whether or not it is still offered; null where there never was one.</summary>
    public async ValueTask<Plan?> FindEverAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, id, cancellationToken) is { } offered) return offered.Plan;
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, DeletedPrefix + Row(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, PlansJson.Default.Plan);
    }

    /// <summary>A credit bundle that is offered; null where there is none of that id.</summary>
    public async ValueTask<CreditBundle?> FindBundleAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, BundlePrefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, BundleRow(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, PlansJson.Default.CreditBundle);
    }

    /// <summary>A plan as it was at most a few seconds ago, whether or not it is still offered.</summary>
    public async ValueTask<Plan?> FindCachedAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (_kept.TryGet((tenant, id), out var kept)) return kept;
        var mark = _kept.Mark;
        var plan = await FindEverAsync(tenant, id, cancellationToken);
        _kept.Set((tenant, id), plan, mark);
        return plan;
    }

    /// <summary>Replaces a plan with its bundles; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, Plan before, Plan after, string etag, CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite> { TableWrite.Replace(Row(after.Id), Json.Write(after, PlansJson.Default.Plan), etag) };
        foreach (var bundle in after.Bundles.Where(bundle => !before.Bundles.Contains(bundle)))
            writes.Add(TableWrite.Put(BundleRow(bundle.Id), Json.Write(bundle, PlansJson.Default.CreditBundle)));
        foreach (var bundle in before.Bundles.Where(bundle => after.Bundles.All(kept => kept.Id != bundle.Id)))
            writes.Add(TableWrite.Delete(BundleRow(bundle.Id)));
        var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
        _kept.Remove((tenant, after.Id));
        return result.IsCommitted;
    }

    /// <summary>Withdraws a plan of that version with its bundles; false if it changed meanwhile.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, Plan plan, string etag, CancellationToken cancellationToken)
    {
        var gone = plan with { Bundles = [], DefaultTopUpBundleId = null, DeletedAt = time.GetUtcNow() };
        var writes = new List<TableWrite>
        {
            TableWrite.Delete(Row(plan.Id), etag),
            TableWrite.Put(DeletedPrefix + Row(plan.Id), Json.Write(gone, PlansJson.Default.Plan)),
        };
        foreach (var bundle in plan.Bundles) writes.Add(TableWrite.Delete(BundleRow(bundle.Id)));
        var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
        _kept.Remove((tenant, plan.Id));
        return result.IsCommitted;
    }

    /// <summary>Bundles of all plans, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<CreditBundle>?> ListBundlesAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, "bundle|", BundlePrefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, PlansJson.Default.CreditBundle))];
    }

    /// <summary>Bundles of a plan, newest first; up to one more than the page's limit. Null where the cursor is no bundle's id. The cursor is a place in the
    /// order, so that a bundle removed between two pages neither hides nor repeats others.</summary>
    public static IReadOnlyList<CreditBundle>? PageOf(Tenant tenant, IReadOnlyList<CreditBundle> bundles, ListQuery page)
    {
        if (page.Cursor is not null && !Id.TryGetUlid(page.Cursor, BundlePrefix, tenant.Mode, out _)) return null;
        return
        [
            .. bundles.Where(bundle => page.Cursor is null || string.CompareOrdinal(bundle.Id, page.Cursor) < 0)
                .OrderByDescending(bundle => bundle.Id, StringComparer.Ordinal)
                .Take(page.Limit + 1),
        ];
    }

    /// <summary>Plans, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Plan>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, PlansJson.Default.Plan))];
    }

    private static string BundleRow(string id) => "bundle|" + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);
}
