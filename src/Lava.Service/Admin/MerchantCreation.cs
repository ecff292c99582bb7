using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Ledger;
using Lava.Service.Pricing.Plans;

namespace Lava.Service.Admin;

/// <summary>Makes merchants with what each of them begins with.</summary>
public sealed class MerchantCreation(MerchantStore merchants, SecretKeyStore keys, PlanStore plans, Funds funds, TimeProvider time)
{
    /// <summary>Test money in a new merchant's test wallet, US dollars.</summary>
    public const decimal FirstTestFunds = 1_000;

    /// <summary>Credit that the Free plan of test mode includes at first, so that a customer's first call can be charged to something.</summary>
    public const decimal FirstTestCredit = 10;

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
        await merchants.AddAsync(merchant, cancellationToken);
        return new NewMerchant(merchant, testKey.Raw, liveKey.Raw);
    }
}
