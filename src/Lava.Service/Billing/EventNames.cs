namespace Lava.Service.Billing;

/// <summary>Names of the events that webhooks are told.</summary>
public static class EventNames
{
    /// <summary>A customer was made.</summary>
    public const string CustomerCreated = "customer.created";

    /// <summary>A customer's data were changed.</summary>
    public const string CustomerUpdated = "customer.updated";

    /// <summary>A customer was deleted.</summary>
    public const string CustomerDeleted = "customer.deleted";

    /// <summary>A customer's credits have changed; at most once a second.</summary>
    public const string BalanceUpdated = "customer.wallet.balance.updated";

    /// <summary>A subscription began.</summary>
    public const string SubscriptionCreated = "subscription.created";

    /// <summary>A new cycle began.</summary>
    public const string SubscriptionRenewed = "subscription.renewed";

    /// <summary>The plan has changed, or a change of it was planned.</summary>
    public const string SubscriptionChanged = "subscription.changed";

    /// <summary>A subscription ended.</summary>
    public const string SubscriptionCancelled = "subscription.cancelled";

    /// <summary>A card could not be charged.</summary>
    public const string PaymentFailed = "payment.failed";

    /// <summary>A bundle was bought because the credits were used up.</summary>
    public const string TopUpSucceeded = "top_up.succeeded";

    /// <summary>Few credits are left; once in a cycle.</summary>
    public const string BalanceLow = "balance.low";
}
