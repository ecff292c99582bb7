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

    /// <summary>A renewal could not be paid; it is tried again.</summary>
    public const string SubscriptionPastDue = "subscription.past_due";

    /// <summary>Cycles went by while the server was off and were not charged.</summary>
    public const string CyclesSkipped = "subscription.cycles_skipped";

    /// <summary>A price has changed, and what was agreed or shown is still charged.</summary>
    public const string PriceChanged = "price.changed";

    /// <summary>A top-up was held back, in whole or in part, by its limit of the day or the cycle.</summary>
    public const string TopUpCapped = "top_up.capped";

    /// <summary>A bundle was bought because the credits were used up.</summary>
    public const string TopUpSucceeded = "top_up.succeeded";

    /// <summary>Few credits are left; once in a cycle.</summary>
    public const string BalanceLow = "balance.low";
}
