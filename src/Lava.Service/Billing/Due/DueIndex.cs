using System.Globalization;
using System.Text;
using Lava.Service.Billing.Books;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Billing.Due;

/// <summary>Customers by the time when something is due for them, so that what is due is a key range and nobody else is visited. A row may be there in vain,
/// never missing: it is written before or together with the work that needs it and removed after the work is done.</summary>
public sealed class DueIndex(ITableStore tables)
{
    /// <summary>Partitions of real time; customers are spread over them so that a busy hour is no hot partition. Never fewer than before.</summary>
    public const int Shards = 16;

    private const string ShardPrefix = "due|";

    /// <summary>Partition of a shard of real time.</summary>
    public static string Shard(int number) => ShardPrefix + number.ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>Partition of a test clock.</summary>
    public static string Clock(BillingOwner owner) => $"clock|{owner.Tenant.Partition}|{owner.ClockId}";

    /// <summary>Says that something is due for a customer; safe to repeat.</summary>
    public ValueTask<DueEntry> PutAsync(BillingOwner owner, DateTimeOffset at, CancellationToken cancellationToken) =>
        PutAsync(owner.ClockId is null ? ShardOf(owner) : Clock(owner), owner, at, cancellationToken);

    /// <summary>Says that a customer's billing is to be opened. It stands in real time also for those who live by a test clock: their own rows are
    /// not visited until the clock is moved.</summary>
    /// <param name="owner">The customer, who need not be stored yet.</param>
    /// <param name="now">Real time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<DueEntry> PutOpeningAsync(BillingOwner owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        PutAsync(ShardOf(owner), owner, now, cancellationToken);

    /// <summary>Removes a row whose work is done.</summary>
    public async ValueTask DeleteAsync(DueEntry entry, CancellationToken cancellationToken) =>
        await tables.CommitAsync(TableNames.Due, entry.Partition, [TableWrite.Delete(entry.Key)], cancellationToken);

    /// <summary>What is due by a time, in order, after a row; at most <paramref name="take"/>.</summary>
    public async ValueTask<IReadOnlyList<DueEntry>> ListAsync(
        string partition,
        DateTimeOffset until,
        string? after,
        int take,
        CancellationToken cancellationToken)
    {
        var range = new KeyRange("0", Key(until) + "}");
        if (after is not null) range = range.After(after);
        var rows = await tables.QueryAsync(TableNames.Due, partition, range, take, cancellationToken);
        return [.. rows.Select(row => new DueEntry(partition, row.Key, Json.Read(row.Data, BillingJson.Default.DueCustomer).ToOwner()))];
    }

    /// <summary>Whether a row stands in real time, not in that of a test clock.</summary>
    public static bool IsInRealTime(DueEntry entry) => entry.Partition.StartsWith(ShardPrefix, StringComparison.Ordinal);

    /// <summary>The time of a row.</summary>
    public static DateTimeOffset TimeOf(DueEntry entry) => new(long.Parse(entry.Key.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);

    private async ValueTask<DueEntry> PutAsync(string partition, BillingOwner owner, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var entry = new DueEntry(partition, Key(at) + "|" + owner.Tenant.Partition + "|" + owner.CustomerId, owner);
        var data = Json.Write(DueCustomer.Of(owner), BillingJson.Default.DueCustomer);
        await tables.CommitAsync(TableNames.Due, partition, [TableWrite.Put(entry.Key, data)], cancellationToken);
        return entry;
    }

    private static string Key(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    private static string ShardOf(BillingOwner owner)
    {
        // Not string.GetHashCode, which differs in each process.
        var hash = 0u;
        foreach (var b in Encoding.ASCII.GetBytes(owner.CustomerId)) hash = (hash * 31) + b;
        return Shard((int)(hash % Shards));
    }
}
