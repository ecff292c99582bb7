namespace Lava.Service.Billing.Wallets;

/// <summary>A correction of a wallet that is booked.</summary>
/// <param name="Entry">Number of its ledger entry.</param>
/// <param name="Amount">US dollars; negative where money was taken.</param>
/// <param name="Description">Why.</param>
/// <param name="At">When it was booked.</param>
public sealed record WalletCorrection(long Entry, decimal Amount, string Description, DateTimeOffset At);
