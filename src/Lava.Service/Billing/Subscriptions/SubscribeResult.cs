using Lava.Service.Api.Errors;
using Lava.Service.Ports.Payments;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>What became of a wish to change a subscription or to buy credits.</summary>
/// <param name="Error">Why it was refused; null where it was not.</param>
/// <param name="Payment">The payment, where one was needed: it succeeded, failed, or waits for the customer's bank.</param>
/// <param name="PaymentKey">The key under which it was begun; null where there is no payment.</param>
public sealed record SubscribeResult(ApiError? Error, Payment? Payment = null, string? PaymentKey = null)
{
    /// <summary>Whether it is done.</summary>
    public bool IsDone => Error is null && Payment is null or { Status: PaymentStatus.Succeeded };
}
