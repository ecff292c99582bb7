namespace Lava.Service.Customers.Checkout;

/// <summary>What a session's secret, by its hash, points to.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="IsLive">Whether it is of live mode.</param>
/// <param name="SessionId">The session.</param>
/// <param name="ExpiresAt">From then on its page is gone; the session itself stays.</param>
internal sealed record CheckoutPointer(string MerchantId, bool IsLive, string SessionId, DateTimeOffset ExpiresAt);
