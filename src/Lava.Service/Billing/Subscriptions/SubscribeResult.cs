using Lava.Service.Api.Errors;
using Lava.Service.Ports.Payments;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>What became of a wish to change a subscription or to buy credits.</summary>
/// <param name="Error">Why it was refused; null where it was not.</param>
/// <param name="Payment">The payment, where one was needed: it succeeded, failed, or waits for the customer's bank.</param>
public sealed record SubscribeResult(ApiError? Error, Payment? Payment = null)
{
    /// <summary>Whether it is done.</summary>
    public bool IsDone => Error is null && Payment is null or { Status: PaymentStatus.Succeeded };
}
