namespace Lava.Core.Ledger;

/// <summary>The chart of accounts. Each book holds one account of value and the accounts against which it moves.</summary>
public static class Account
{
    /// <summary>Wallet book: what the merchant has paid in and not spent.</summary>
    public const string Wallet = "wallet";

    /// <summary>Wallet book: where the wallet's money came from (negative: paid in).</summary>
    public const string Funding = "funding";

    /// <summary>Customer book: what the customer can still spend.</summary>
    public const string Credits = "credits";

    /// <summary>Customer book: where the credits came from (negative: granted).</summary>
    public const string Grants = "grants";

    /// <summary>Customer book: what the merchant has earned from the customer.</summary>
    public const string Charges = "charges";

    /// <summary>Customer book: credits that ran out unspent.</summary>
    public const string Expired = "expired";

    /// <summary>Customer book: what the customer's cards have paid (negative: paid in), US dollars.</summary>
    public const string Payments = "payments";

    /// <summary>Customer book: what was paid for periods of plans, US dollars.</summary>
    public const string SubscriptionFees = "subscription-fees";

    /// <summary>Customer book: what was paid for credit bundles, US dollars.</summary>
    public const string BundleSales = "bundle-sales";

    /// <summary>Customer book: what was given back to the customer's cards (negative: paid out), US dollars.</summary>
    public const string Refunds = "refunds";

    /// <summary>Customer book: what banks took back because payments are disputed, and have not given again (negative: taken), US dollars.</summary>
    public const string Disputes = "disputes";

    /// <summary>Wallet book: what a provider has been paid.</summary>
    /// <param name="provider">The provider's id.</param>
    public static string Cost(string provider) => "cost:" + provider;
}
