using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Accounts.Keys;
using Lava.Service.Admin;
using Lava.Service.Ledger;
using Lava.Service.Ports.Tables;
using Lava.Service.Pricing.Plans;
using Lava.Service.Storage;

namespace Lava.Service.Accounts.Merchants;

/// <summary>The merchants of this server.</summary>
public sealed class MerchantStore(ITableStore tables, SecretKeyStore keys, PlanStore plans, Funds funds, TimeProvider time)
{
    /// <summary>Test money in a new merchant's test wallet, US dollars.</summary>
    public const decimal FirstTestFunds = 1_000;

    /// <summary>Credit that the Free plan of test mode includes at first, so that a customer's first call can be charged to something.</summary>
    public const decimal FirstTestCredit = 10;

    private const string Partition = "merchants";

    private readonly ConcurrentDictionary<string, Merchant> _known = new(StringComparer.Ordinal);

    /// <summary>Makes a merchant with, in each mode, a wallet, a Free plan and a secret key named "Default".</summary>
    /// <param name="name">Its name.</param>
    /// <param name="testFunds">Test money for the test wallet, US dollars.</param>
    /// <param name="testCredit">Credit that the Free plan of test mode includes.</param>
    /// <param name="cancellationToken">Cancels it; what is made by then belongs to nobody.</param>
    public async ValueTask<NewMerchant> CreateAsync(string name, decimal testFunds, decimal testCredit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = "mer_" + Ulid.Create(now);
        var (test, live) = (new Tenant(id, Mode.Test), new Tenant(id, Mode.Live));
        var merchant = new Merchant(
            id,
            name,
            now,
            Id.Create("wal", Mode.Test, now),
            Id.Create("wal", Mode.Live, now),
            (await plans.CreateFreeAsync(test, testCredit, cancellationToken)).Id,
            (await plans.CreateFreeAsync(live, 0, cancellationToken)).Id);
        await funds.OpenWalletAsync(test, testFunds, "bootstrap", cancellationToken);
        await funds.OpenWalletAsync(live, 0, "bootstrap", cancellationToken);
        var testKey = await keys.CreateAsync(test, "Default", cancellationToken);
        var liveKey = await keys.CreateAsync(live, "Default", cancellationToken);

        // The merchant's own row comes last: a merchant that is listed is complete.
        await tables.CommitAsync(TableNames.Merchants, Partition, [TableWrite.Insert(id, Json.Write(merchant, MerchantsJson.Default.Merchant))], cancellationToken);
        return new NewMerchant(merchant, testKey.Raw, liveKey.Raw);
    }

    /// <summary>A merchant that exists. Nothing of it changes after its creation, so it is kept in memory.</summary>
    /// <exception cref="InvalidOperationException">There is no such merchant: a credential points nowhere.</exception>
    public async ValueTask<Merchant> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        var row = await tables.GetAsync(TableNames.Merchants, Partition, id, cancellationToken) ?? throw new InvalidOperationException("A credential's merchant does not exist.");
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
