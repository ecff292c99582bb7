using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Customers;

/// <summary>A merchant's customers. An id and a reference are interchangeable wherever a customer is named (rest-api.md §1.8).</summary>
public sealed class CustomerStore(ITableStore tables, TimeProvider time)
{
    /// <summary>Prefix of ids; no reference may start with it.</summary>
    public const string Prefix = "con";

    /// <summary>Most characters of a reference; ids are shorter.</summary>
    private const int MaxReference = 255;

    private const string RowPrefix = "customer|";
    private const string DeletedPrefix = "deleted-customer|";

    private readonly TimedCache<(Tenant, string), Customer> _kept = new(time, TimeSpan.FromSeconds(5), 50_000);

    /// <summary>Adds a customer, or finds the one that has its reference (or, without one, its id) already.
    /// <see cref="CustomerBilling.CreateAsync"/> adds it with its billing.</summary>
    public async ValueTask<(Customer Customer, bool IsNew)> AddAsync(Tenant tenant, Customer customer, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round = OptimisticRetry.Next(round))
        {
            var writes = new List<TableWrite> { TableWrite.Insert(Row(customer.Id), Write(customer)) };
            if (customer.ReferenceId is not null)
                writes.Add(TableWrite.Insert(ReferenceRow(customer.ReferenceId), Encoding.UTF8.GetBytes($"\"{customer.Id}\"")));
            var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
            if (result.IsCommitted)
            {
                Forget(tenant, customer);
                return (customer, true);
            }

            if (await FindAsync(tenant, customer.ReferenceId ?? customer.Id, cancellationToken) is { } existing) return (existing.Customer, false);
        }
    }

    /// <summary>A living customer by id or reference, with its version; null where there is none.</summary>
    public async ValueTask<(Customer Customer, string ETag)?> FindAsync(Tenant tenant, string idOrReference, CancellationToken cancellationToken)
    {
        var id = idOrReference;
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _))
        {
            if (id.Length is 0 or > MaxReference) return null;
            var reference = await tables.GetAsync(TableNames.Resources, tenant.Partition, ReferenceRow(id), cancellationToken);
            if (reference is null) return null;
            id = Encoding.UTF8.GetString(reference.Data.Span).Trim('"');
        }

        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken);
        return row is null ? null : (Json.Read(row.Data, CustomersJson.Default.Customer), row.ETag);
    }

    /// <summary>A customer by id, deleted or not; null where there never was one.</summary>
    public async ValueTask<Customer?> FindEverAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        if (!Id.TryGetUlid(id, Prefix, tenant.Mode, out _)) return null;
        var row = await tables.GetAsync(TableNames.Resources, tenant.Partition, Row(id), cancellationToken)
            ?? await tables.GetAsync(TableNames.Resources, tenant.Partition, "deleted-" + Row(id), cancellationToken);
        return row is null ? null : Json.Read(row.Data, CustomersJson.Default.Customer);
    }

    /// <summary>A living customer as it was at most a few seconds ago.</summary>
    public async ValueTask<Customer?> FindCachedAsync(Tenant tenant, string idOrReference, CancellationToken cancellationToken)
    {
        if (idOrReference.Length > MaxReference) return null;
        if (_kept.TryGet((tenant, idOrReference), out var kept)) return kept;
        var mark = _kept.Mark;
        var customer = (await FindAsync(tenant, idOrReference, cancellationToken))?.Customer;
        _kept.Set((tenant, idOrReference), customer, mark);
        return customer;
    }

    /// <summary>Living customers, newest first; up to one more than the page's limit. Null where the cursor is none of this list.</summary>
    public async ValueTask<IReadOnlyList<Customer>?> ListAsync(Tenant tenant, ListQuery page, CancellationToken cancellationToken)
    {
        var rows = await RowPaging.ReadAsync(tables, TableNames.Resources, tenant.Partition, RowPrefix, Prefix, tenant.Mode, page, cancellationToken);
        return rows is null ? null : [.. rows.Select(row => Json.Read(row.Data, CustomersJson.Default.Customer))];
    }

    /// <summary>Every customer that ever was, deleted ones included, for the audit.</summary>
    public async IAsyncEnumerable<Customer> ListEverAsync(Tenant tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var prefix in new[] { RowPrefix, DeletedPrefix })
        {
            var range = KeyRange.Prefix(prefix);
            while (true)
            {
                var rows = await tables.QueryAsync(TableNames.Resources, tenant.Partition, range, TableLimits.MaxPage, cancellationToken);
                foreach (var row in rows) yield return Json.Read(row.Data, CustomersJson.Default.Customer);
                if (rows.Count < TableLimits.MaxPage) break;
                range = range.After(rows[^1].Key);
            }
        }
    }

    /// <summary>Replaces a customer of that version. Not done without an error: it changed meanwhile, and the caller reads it again.</summary>
    public async ValueTask<(bool IsDone, ApiError? Error)> ReplaceAsync(
        Tenant tenant,
        Customer before,
        Customer after,
        string etag,
        CancellationToken cancellationToken)
    {
        var writes = new List<TableWrite> { TableWrite.Replace(Row(after.Id), Write(after), etag) };
        if (before.ReferenceId != after.ReferenceId)
        {
            if (after.ReferenceId is not null) writes.Add(TableWrite.Insert(ReferenceRow(after.ReferenceId), Encoding.UTF8.GetBytes($"\"{after.Id}\"")));
            if (before.ReferenceId is not null) writes.Add(TableWrite.Delete(ReferenceRow(before.ReferenceId)));
        }

        var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
        Forget(tenant, before);
        Forget(tenant, after);
        return (result.IsCommitted, result.Outcome == CommitOutcome.Duplicate ? ApiError.ReferenceTaken() : null);
    }

    /// <summary>Takes a customer of that version away and frees its reference; false if it changed meanwhile.</summary>
    public async ValueTask<bool> DeleteAsync(Tenant tenant, Customer customer, string etag, CancellationToken cancellationToken)
    {
        var gone = customer with { DeletedAt = time.GetUtcNow() };
        var writes = new List<TableWrite> { TableWrite.Delete(Row(customer.Id), etag), TableWrite.Put("deleted-" + Row(customer.Id), Write(gone)) };
        if (customer.ReferenceId is not null) writes.Add(TableWrite.Delete(ReferenceRow(customer.ReferenceId)));
        var result = await tables.CommitAsync(TableNames.Resources, tenant.Partition, writes, cancellationToken);
        Forget(tenant, customer);
        return result.IsCommitted;
    }

    private void Forget(Tenant tenant, Customer customer)
    {
        _kept.Remove((tenant, customer.Id));
        if (customer.ReferenceId is not null) _kept.Remove((tenant, customer.ReferenceId));
    }

    private static ReadOnlyMemory<byte> Write(Customer customer) => Json.Write(customer, CustomersJson.Default.Customer);

    private static string Row(string id) => RowPaging.Key(RowPrefix, id);

    private static string ReferenceRow(string reference) => "customer-ref|" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)));
}
