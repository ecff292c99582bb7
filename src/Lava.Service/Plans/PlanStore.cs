using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Http;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Plans;

/// <summary>A merchant's plans.</summary>
public sealed class PlanStore(ITableStore tables, TimeProvider time)
{
    private const string Prefix = "sc";
    private const string RowPrefix = "plan|";
    private const string DeletedPrefix = "deleted-";

    /// <summary>Prefix of the ids of credit bundles.</summary>
    public const string BundlePrefix = "cb";

    private readonly TimedCache<(Tenant, string), Plan> _kept = new(time, TimeSpan.FromSeconds(5), 10_000);

    /// <summary>Makes the Free plan that every merchant has.</summary>
    public async ValueTask<Plan> CreateFreeAsync(Tenant tenant, decimal includedCredit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var plan = new Plan { Id = Id.Create(Prefix, tenant.Mode, now), Name = "Free", IncludedCredit = includedCredit, CoversEveryMeter = true, CreatedAt = now };
        await AddAsync(tenant, plan, cancellationToken);
        return plan;
    }

    /// <summary>Adds a plan with its bundles.</summary>
    public async ValueTask AddAsync(Tenant tenant, Plan plan, CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite> { TableWrite.Insert(Row(plan.Id), Json.Write(plan, PlansJson.Default.Plan)) };
        foreach (var bundle in plan.Bundles) writes.Add(TableWrite.Insert(BundleRow(bundle.Id), Json.Write(bundle, PlansJson.Default.CreditBundle)));
        await tables.CommitAsync(Tables.Resources, tenant.Partition, writes, cancellationToken);
    }

    /// <summary>A plan with its version; null where there is none.</summary>
    public async ValueTask<(Plan Plan, string ETag)?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(Tables.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, PlansJson.Default.Plan), row.ETag);
    }

    /// <summary>A plan whether or not it is still offered; null where there never was one.</summary>
    public async ValueTask<Plan?> FindEverAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, id, cancellationToken) is { } offered) return offered.Plan;
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(Tables.Resources, tenant.Partition, DeletedPrefix + Row(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, PlansJson.Default.Plan);
    }

    /// <summary>A credit bundle that is offered; null where there is none of that id.</summary>
    public async ValueTask<CreditBundle?> FindBundleAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, BundlePrefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(Tables.Resources, tenant.Partition, BundleRow(id), cancellationToken);
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

    /// <summary>Replaces a plan; false if it changed meanwhile.</summary>
    public async ValueTask<bool> ReplaceAsync(Tenant tenant, Plan plan, string etag, CancellationToken cancellationToken)
    {
        var result = await tables.CommitAsync(
            Tables.Resources, tenant.Partition, [TableWrite.Replace(Row(plan.Id), Json.Write(plan, PlansJson.Default.Plan), etag)], cancellationToken);
        _kept.Remove((tenant, plan.Id));
        return result.IsCommitted;
    }

    /// <summary>Plans, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Plan>?> ListAsync(Tenant tenant, PageRequest page, CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix(RowPrefix);
        if (page.Cursor is not null)
        {
            if (!Id.TryGetUlid(page.Cursor, Prefix, tenant.Mode, out _)) return null;
            range = range.After(Row(page.Cursor));
        }

        var rows = await tables.QueryAsync(Tables.Resources, tenant.Partition, range, page.Limit + 1, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, PlansJson.Default.Plan))];
    }

    private static string BundleRow(string id) => "bundle|" + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));

    private static string Row(string id) => RowPrefix + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));
}
