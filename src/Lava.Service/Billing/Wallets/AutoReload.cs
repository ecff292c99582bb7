namespace Lava.Service.Billing.Wallets;

/// <summary>How a wallet is filled by itself.</summary>
/// <param name="Threshold">Below this balance a card is charged, US dollars.</param>
/// <param name="Amount">How much each time, US dollars, whole cents.</param>
/// <param name="DailyCap">The most of a day, in UTC; US dollars.</param>
/// <param name="PaymentMethodId">The card; null for the default.</param>
public sealed record AutoReload(decimal Threshold, decimal Amount, decimal DailyCap, string? PaymentMethodId);
