using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Lava.Core.Ids;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.Merchants;

/// <summary>The merchants of this server.</summary>
public sealed class MerchantStore(ITableStore tables)
{
    private const string Partition = "merchants";
    private const string NamePartition = "merchant-names";

    /// <summary>So much of a name is found by.</summary>
    private const int MaxName = 90;

    private readonly ConcurrentDictionary<string, Merchant> _known = new(StringComparer.Ordinal);

    /// <summary>Stores a merchant, complete from now on.</summary>
    public async ValueTask AddAsync(Merchant merchant, CancellationToken cancellationToken)
    {
        // The name first: one that leads to nobody is passed over, while a merchant without one could not be found.
        await tables.CommitAsync(TableNames.Merchants, NamePartition, [TableWrite.Put(NameRow(merchant), "{}"u8.ToArray())], cancellationToken);
        await tables.CommitAsync(
            TableNames.Merchants,
            Partition,
            [TableWrite.Insert(merchant.Id, Json.Write(merchant, MerchantsJson.Default.Merchant))],
            cancellationToken);
    }

    /// <summary>A merchant; null where there is none.</summary>
    public async ValueTask<Merchant?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        if (!IsId(id) || await tables.GetAsync(TableNames.Merchants, Partition, id, cancellationToken) is not { } row) return null;
        return _known[id] = Json.Read(row.Data, MerchantsJson.Default.Merchant);
    }

    /// <summary>Merchants whose names begin with a text, by their names. Case and what is no letter or digit do not count.</summary>
    /// <param name="text">The beginning of a name.</param>
    /// <param name="take">Most merchants.</param>
    /// <param name="after">The merchant after whom they begin; null for the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IReadOnlyList<Merchant>> ListByNameAsync(string text, int take, Merchant? after, CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix(Fold(text));
        var found = new List<Merchant>();
        if (after is not null) range = range.After(NameRow(after));
        while (found.Count < take)
        {
            var wanted = take - found.Count;
            var rows = await tables.QueryAsync(TableNames.Merchants, NamePartition, range, wanted, cancellationToken);
            foreach (var row in rows)
            {
                if (await FindAsync(row.Key[(row.Key.LastIndexOf('|') + 1)..], cancellationToken) is { } merchant) found.Add(merchant);
            }

            if (rows.Count < wanted) break;
            range = range.After(rows[^1].Key);
        }

        return found;
    }

    /// <summary>Whether a text has the form of a merchant's id.</summary>
    public static bool IsId(string text) => text.StartsWith("mer_", StringComparison.Ordinal) && Ulid.IsValid(text.AsSpan(4));

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

    private static string NameRow(Merchant merchant) => $"{Fold(merchant.Name)}|{merchant.Id}";

    // Keys are ASCII. Each character becomes its own text, so that the beginning of a name is the beginning of its key.
    private static string Fold(string name)
    {
        var text = new StringBuilder();
        foreach (var c in (name.Length > MaxName ? name[..MaxName] : name).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) text.Append(c);
            else if (char.IsLetter(c)) text.Append(CultureInfo.InvariantCulture, $".{(int)c:x4}");
            else text.Append('-');
        }

        return text.ToString();
    }
}
