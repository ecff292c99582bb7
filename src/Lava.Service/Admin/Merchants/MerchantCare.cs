using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Accounts.Keys;
using Lava.Service.Accounts.Merchants;
using Lava.Service.Api.Errors;
using Lava.Service.Billing.Wallets;
using Lava.Service.Credentials;
using Lava.Service.Ledger;

namespace Lava.Service.Admin.Merchants;

/// <summary>What the operator does with a merchant, by the API and on the console's pages. Each deed is in the admin log.</summary>
public sealed class MerchantCare(
    MerchantStore merchants,
    MerchantCreation creation,
    SecretKeyStore keys,
    Suspensions suspensions,
    WalletCorrections corrections,
    Funds funds,
    AdminLog log)
{
    /// <summary>Name of the key that a rotation makes.</summary>
    private const string KeyName = "Default";

    /// <summary>Makes a merchant. Whole or not at all: nobody could be told the keys of one that was made half-way.</summary>
    public async ValueTask<NewMerchant> CreateAsync(string name, string? address)
    {
        var made = await creation.CreateAsync(name, MerchantCreation.FirstTestFunds, MerchantCreation.FirstTestCredit, CancellationToken.None);
        await log.AddAsync("merchant.created", made.Merchant.Id, address, CancellationToken.None);
        return made;
    }

    /// <summary>A merchant as it is now; null where there is none.</summary>
    public async ValueTask<MerchantState?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await merchants.FindAsync(id, cancellationToken) is not { } merchant) return null;
        return new MerchantState(
            merchant,
            await suspensions.FindAsync(id, cancellationToken),
            await funds.WalletBalanceAsync(new Tenant(id, Mode.Live), cancellationToken),
            await funds.WalletBalanceAsync(new Tenant(id, Mode.Test), cancellationToken));
    }

    /// <summary>Refuses a merchant's calls from now on; false where there is no such merchant.</summary>
    public async ValueTask<bool> SuspendAsync(string id, string reason, string? address)
    {
        if (await merchants.FindAsync(id, CancellationToken.None) is null) return false;
        await suspensions.AddAsync(id, reason, CancellationToken.None);
        await log.AddAsync("merchant.suspended", id, address, CancellationToken.None, reason);
        return true;
    }

    /// <summary>Lets a merchant's calls in again; false where there is no such merchant.</summary>
    public async ValueTask<bool> ResumeAsync(string id, string? address)
    {
        if (await merchants.FindAsync(id, CancellationToken.None) is null) return false;
        await suspensions.RemoveAsync(id, CancellationToken.None);
        await log.AddAsync("merchant.resumed", id, address, CancellationToken.None);
        return true;
    }

    /// <summary>Makes a new secret key of a mode and revokes all others of that mode at once: for a merchant whose keys have leaked or are lost.</summary>
    /// <returns>The key and its raw value, which is shown this once; null where there is no such merchant.</returns>
    public async ValueTask<(StoredSecretKey Key, string Raw)?> RotateAsync(string id, Mode mode, string? address)
    {
        if (await merchants.FindAsync(id, CancellationToken.None) is null) return null;
        var tenant = new Tenant(id, mode);
        var (key, raw) = await keys.ReplaceAllAsync(tenant, KeyName, CancellationToken.None);
        await log.AddAsync("merchant.keys_rotated", id, address, CancellationToken.None, $"{mode.Word()} mode, {key.Id}");
        return (key, raw);
    }

    /// <summary>Gives money to a wallet or takes it, once for each name.</summary>
    /// <param name="id">The merchant.</param>
    /// <param name="mode">Which of its wallets.</param>
    /// <param name="key">Names the correction.</param>
    /// <param name="amount">US dollars; negative takes.</param>
    /// <param name="description">Why.</param>
    /// <param name="address">From which address the operator asks.</param>
    public async ValueTask<(WalletCorrection? Made, ApiError? Error)> CorrectAsync(
        string id, Mode mode, string key, decimal amount, string description, string? address)
    {
        if (await merchants.FindAsync(id, CancellationToken.None) is null) return (null, ApiError.NotFound("merchant"));
        var made = await corrections.CorrectAsync(new Tenant(id, mode), key, amount, description, CancellationToken.None);
        if (made.Amount != amount || made.Description != description)
            return (null, ApiError.IdempotencyConflict("This Idempotency-Key was used for another correction of this wallet."));
        var sign = amount < 0 ? "" : "+";
        var subject = $"{mode.Word()} mode, {sign}{Amount.Trimmed(amount)}: {description}";
        await log.AddAsync("wallet.corrected", id, address, CancellationToken.None, subject);
        return (made, null);
    }
}
