using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.Merchants;

/// <summary>The merchants of this server.</summary>
public sealed class MerchantStore(ITableStore tables)
{
    private const string Partition = "merchants";

    private readonly ConcurrentDictionary<string, Merchant> _known = new(StringComparer.Ordinal);

    /// <summary>Stores a merchant, complete from now on.</summary>
    public async ValueTask AddAsync(Merchant merchant, CancellationToken cancellationToken) =>
        await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Insert(merchant.Id, Json.Write(merchant, MerchantsJson.Default.Merchant))],
            cancellationToken);

    /// <summary>A merchant that exists. Nothing of it changes after its creation, so it is kept in memory.</summary>
    /// <exception cref="InvalidOperationException">There is no such merchant: a credential points nowhere.</exception>
    public async ValueTask<Merchant> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        var row = await tables.GetAsync(TableNames.Merchants, Partition, id, cancellationToken)
            ?? throw new InvalidOperationException("A credential's merchant does not exist.");
        return _known[id] = Json.Read(row.Data, MerchantsJson.Default.Merchant);
    }

    /// <summary>Merchants, oldest first.</summary>
    /// <param name="take">Most merchants.</param>
    /// <param name="after">The merchant after whom they begin; null for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<Merchant>> ListAsync(int take, string? after, CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix("mer_");
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, after is null ? range : range.After(after), take, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, MerchantsJson.Default.Merchant))];
    }

    /// <summary>All merchants, for jobs that visit them (audit). Oldest first.</summary>
    public async IAsyncEnumerable<Merchant> ListAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix("mer_");
        while (true)
        {
            var rows = await tables.QueryAsync(TableNames.Merchants, Partition, range, TableLimits.MaxPage, cancellationToken);
            foreach (var row in rows) yield return Json.Read(row.Data, MerchantsJson.Default.Merchant);
            if (rows.Count < TableLimits.MaxPage) yield break;
            range = range.After(rows[^1].Key);
        }
    }
}
