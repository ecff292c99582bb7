namespace Lava.Service.Billing;

/// <summary>Asks that a customer's billing be looked at: the credits have changed.</summary>
public sealed record BillingMessage(string MerchantId, bool IsLive, string CustomerId, string? ClockId);
