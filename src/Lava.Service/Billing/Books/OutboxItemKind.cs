namespace Lava.Service.Billing.Books;

/// <summary>What is to be done because of a change.</summary>
public enum OutboxItemKind
{
    /// <summary>List a subscription as active.</summary>
    ListActive,

    /// <summary>List a subscription as cancelled.</summary>
    ListCancelled,

    /// <summary>Tell the merchant's webhooks.</summary>
    Tell,

    /// <summary>Give money back to a card.</summary>
    Refund,

    /// <summary>Make the invoice of a payment.</summary>
    Invoice,

    /// <summary>Make a credit note of what was given back.</summary>
    CreditNote,
}
