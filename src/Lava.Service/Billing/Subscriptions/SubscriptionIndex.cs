using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>Lists of a tenant's subscriptions, newest first: all, the active and the cancelled. The truth is in the customers' books; a row here says where to
/// look.</summary>
public sealed class SubscriptionIndex(ITableStore tables)
{
    /// <summary>Prefix of ids.</summary>
    public const string Prefix = "as";

    private const string All = "subscription|";
    private const string Active = "subscription-active|";
    private const string Cancelled = "subscription-cancelled|";

    /// <summary>Lists a subscription as active; safe to repeat.</summary>
    public async ValueTask OpenAsync(Tenant tenant, string id, string customerId, CancellationToken cancellationToken)
    {
        var data = Json.Write(new IndexedSubscription(customerId), BillingJson.Default.IndexedSubscription);
        await tables.CommitAsync(
            TableNames.Resources,
            tenant.Partition,
            [TableWrite.Put(Row(All, id), data), TableWrite.Put(Row(Active, id), data)],
            cancellationToken);
    }

    /// <summary>Lists a subscription as cancelled; safe to repeat.</summary>
    public async ValueTask EndAsync(Tenant tenant, string id, string customerId, CancellationToken cancellationToken)
    {
        var data = Json.Write(new IndexedSubscription(customerId), BillingJson.Default.IndexedSubscription);
        var listed = TableWrite.Put(Row(Cancelled, id), data);
        var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, [TableWrite.Delete(Row(Active, id)), listed], cancellationToken);
        if (!result.IsCommitted) await tables.CommitAsync(TableNames.Resources, tenant.Partition, [listed], cancellationToken);
    }

    /// <summary>Whose subscription it is; null where there is none of that id.</summary>
    public async ValueTask<string?> FindCustomerAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(All, id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, BillingJson.Default.IndexedSubscription).CustomerId;
    }

    /// <summary>Subscriptions with their customers, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    /// <param name="tenant">The merchant and the mode.</param>
    /// <param name="isActive">Only the active ones, only the cancelled ones, or (null) all.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<(string Id, string CustomerId)>?> ListAsync(
        Tenant tenant,
        bool? isActive,
        ListQuery page,
        CancellationToken cancellationToken)
    {
        var prefix = isActive switch { true => Active, false => Cancelled, null => All };
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, prefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null
            ? null
            : [.. rows.Select(row => (IdOf(tenant, row.Key[prefix.Length..]), Json.Read(row.Data, BillingJson.Default.IndexedSubscription).CustomerId))];
    }

    private static string IdOf(Tenant tenant, string mirrored) => $"{Prefix}_{tenant.Mode.Word()}_{Ulid.Mirror(mirrored)}";

    private static string Row(string prefix, string id) => prefix + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));
}
