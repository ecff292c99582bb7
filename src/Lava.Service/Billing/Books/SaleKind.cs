namespace Lava.Service.Billing.Books;

/// <summary>What a payment paid for.</summary>
public enum SaleKind
{
    /// <summary>A cycle of a plan.</summary>
    Subscription,

    /// <summary>A credit bundle.</summary>
    Bundle,

    /// <summary>Credit bundles that were bought automatically.</summary>
    TopUp,

    /// <summary>Money in a merchant's wallet.</summary>
    Wallet,
}
