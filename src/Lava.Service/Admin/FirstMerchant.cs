using Lava.Core.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Payments;
using Lava.Service.Payments.Simulator;

namespace Lava.Service.Admin;

/// <summary>The merchant that a server on a person's own machine begins with: test money, a plan with credit, and cards to try.</summary>
public sealed class FirstMerchant(MerchantStore merchants, MerchantCreation creation, SimulatedProcessor cards)
{
    /// <summary>Makes it where there is no merchant; null where there is one.</summary>
    public async Task<NewMerchant?> CreateAsync(CancellationToken cancellationToken)
    {
        if ((await merchants.ListAsync(1, null, cancellationToken)).Count > 0) return null;
        var first = await creation.CreateAsync("First merchant", MerchantCreation.FirstTestFunds, MerchantCreation.FirstTestCredit, cancellationToken);

        // One that pays, one that is declined, one that must be authenticated.
        foreach (var token in new[] { "pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired" })
            await cards.AddMethodAsync(PaymentOwners.Merchant(new Tenant(first.Merchant.Id, Mode.Test)), token, cancellationToken);
        return first;
    }
}
