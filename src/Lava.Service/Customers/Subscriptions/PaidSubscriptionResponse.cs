using System.Text.Json.Serialization;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Customers.Subscriptions;

/// <summary>What became of paying what was owed, of a change of plan or of a purchase of credits.</summary>
/// <param name="Status"><c>completed</c>, <c>scheduled</c> for a change at the end of the cycle, or <c>requires_action</c>
/// where the customer's bank asks.</param>
/// <param name="PaymentId">The payment; absent where nothing had to be paid.</param>
/// <param name="RedirectUrl">Where the customer answers the bank; absent where it does not ask.</param>
/// <param name="Subscription">The subscription as it is then.</param>
internal sealed record PaidSubscriptionResponse(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PaymentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Uri? RedirectUrl,
    SubscriptionResponse Subscription);
