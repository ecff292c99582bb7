namespace Lava.Service.Billing;

/// <summary>Asks that a customer's billing be looked at: the credits have changed, or there is another card; or a wallet, or a spend key.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Live mode; otherwise test mode.</param>
/// <param name="CustomerId">The customer; empty for the wallet or a spend key.</param>
/// <param name="ClockId">The test clock by which the customer lives; null for real time, and where <paramref name="CardId"/> is there.</param>
/// <param name="CardId">The card that was given; null where the credits have changed.</param>
/// <param name="SpendKeyId">The spend key whose limits are to be looked at; null for none.</param>
internal sealed record BillingMessage(string MerchantId, bool IsLive, string CustomerId, string? ClockId, string? CardId = null, string? SpendKeyId = null);
