namespace Lava.Service.Webhooks;

/// <summary>Names of the events that webhooks are told.</summary>
internal static class EventNames
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

    /// <summary>A cardholder disputes a payment; the bank has taken the money back until it is decided.</summary>
    public const string DisputeCreated = "dispute.created";

    /// <summary>A dispute was won: the money is there again.</summary>
    public const string DisputeWon = "dispute.won";

    /// <summary>A dispute was lost: the money stays with the cardholder.</summary>
    public const string DisputeLost = "dispute.lost";

    /// <summary>A half, four fifths or all of a plan's credit is used; once each in a cycle.</summary>
    public const string CreditsAlert = "credits.alert";

    /// <summary>A half, four fifths or all of what was in the wallet after it was last paid into is used; once each.</summary>
    public const string WalletAlert = "wallet.alert";

    /// <summary>A wallet has filled itself.</summary>
    public const string Reloaded = "wallet.reloaded";

    /// <summary>A wallet was to fill itself, and its card could not be charged.</summary>
    public const string ReloadFailed = "wallet.reload_failed";

    /// <summary>A wallet was to fill itself, and the cap of the day was reached; once a day.</summary>
    public const string ReloadCapped = "wallet.reload_capped";

    /// <summary>A half, four fifths or all of a limit of a spend key is used; once each in the limit's cycle.</summary>
    public const string SpendKeyAlert = "spend_key.alert";

    /// <summary>Few credits are left; once in a cycle.</summary>
    public const string BalanceLow = "balance.low";
}
