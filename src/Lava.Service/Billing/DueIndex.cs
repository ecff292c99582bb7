using System.Globalization;
using System.Text;
using Lava.Service.Ports;
using Lava.Service.Storage;

namespace Lava.Service.Billing;

/// <summary>Customers by the time when something is due for them, so that what is due is a key range and nobody else is visited. A row may be there in vain, never
/// missing: it is written before or together with the work that needs it and removed after the work is done.</summary>
public sealed class DueIndex(ITableStore tables)
{
    /// <summary>Partitions of real time; customers are spread over them so that a busy hour is no hot partition. Never fewer than before.</summary>
    public const int Shards = 16;

    /// <summary>Partition of a shard of real time.</summary>
    public static string Shard(int number) => "due|" + number.ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>Partition of a test clock.</summary>
    public static string Clock(BillingOwner owner) => $"clock|{owner.Tenant.Partition}|{owner.ClockId}";

    /// <summary>Says that something is due for a customer; safe to repeat.</summary>
    public async ValueTask<DueEntry> PutAsync(BillingOwner owner, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var entry = new DueEntry(PartitionOf(owner), Key(at) + "|" + owner.Tenant.Partition + "|" + owner.CustomerId, owner);
        await tables.CommitAsync(Tables.Due, entry.Partition, [TableWrite.Put(entry.Key, Json.Write(DueCustomer.Of(owner), BillingJson.Default.DueCustomer))], cancellationToken);
        return entry;
    }

    /// <summary>Removes a row whose work is done.</summary>
    public async ValueTask DeleteAsync(DueEntry entry, CancellationToken cancellationToken) =>
        await tables.CommitAsync(Tables.Due, entry.Partition, [TableWrite.Delete(entry.Key)], cancellationToken);

    /// <summary>What is due by a time, in order, after a row; at most <paramref name="take"/>.</summary>
    public async ValueTask<IReadOnlyList<DueEntry>> ListAsync(string partition, DateTimeOffset until, string? after, int take, CancellationToken cancellationToken)
    {
        var range = new KeyRange("0", Key(until) + "}");
        if (after is not null) range = range.After(after);
        var rows = await tables.QueryAsync(Tables.Due, partition, range, take, cancellationToken);
        return [.. rows.Select(row => new DueEntry(partition, row.Key, Json.Read(row.Data, BillingJson.Default.DueCustomer).ToOwner()))];
    }

    /// <summary>The time of a row.</summary>
    public static DateTimeOffset TimeOf(DueEntry entry) => new(long.Parse(entry.Key.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);

    private static string Key(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    private static string PartitionOf(BillingOwner owner)
    {
        if (owner.ClockId is not null) return Clock(owner);

        // Not string.GetHashCode, which differs in each process.
        var hash = 0u;
        foreach (var b in Encoding.ASCII.GetBytes(owner.CustomerId)) hash = (hash * 31) + b;
        return Shard((int)(hash % Shards));
    }
}
