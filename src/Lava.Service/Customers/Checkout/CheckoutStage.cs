namespace Lava.Service.Customers.Checkout;

/// <summary>How far a checkout is.</summary>
public enum CheckoutStage
{
    /// <summary>The customer is to choose a card and to pay.</summary>
    Open,

    /// <summary>The customer's bank is to authenticate the payment.</summary>
    Authenticating,

    /// <summary>It is completed.</summary>
    Completed,

    /// <summary>Nothing can be bought: the time is over, or what was offered, or the customer, is gone.</summary>
    Closed,
}
