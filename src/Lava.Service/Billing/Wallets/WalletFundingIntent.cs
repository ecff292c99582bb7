namespace Lava.Service.Billing.Wallets;

/// <summary>A wish to fund a wallet, written before the card is charged, so that money taken is always credited.</summary>
/// <param name="Key">The payment's key.</param>
/// <param name="PaymentMethodId">The card.</param>
/// <param name="Amount">US dollars.</param>
/// <param name="At">When it was begun.</param>
internal sealed record WalletFundingIntent(string Key, string PaymentMethodId, decimal Amount, DateTimeOffset At);
