namespace Lava.Service.Billing.Wallets;

/// <summary>A payment that was begun for a wallet, to be looked at later.</summary>
/// <param name="MerchantId">Whose wallet.</param>
/// <param name="IsLive">In which mode.</param>
/// <param name="Intent">What was begun.</param>
/// <param name="Look">How often it was looked at.</param>
internal sealed record WalletFundingMessage(string MerchantId, bool IsLive, WalletFundingIntent Intent, int Look);
