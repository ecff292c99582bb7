using Lava.Service.Ports.Payments;

namespace Lava.Service.Customers.Checkout;

/// <summary>A checkout as its customer sees it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Offer">What is sold; null where it is gone.</param>
/// <param name="Customer">The customer; null until a new one has said who it is.</param>
/// <param name="Cards">The customer's cards.</param>
/// <param name="ActionUrl">Where the customer's bank authenticates the payment; null unless that is waited for.</param>
internal sealed record CheckoutView(
    CheckoutSession Session,
    CheckoutStage Stage,
    CheckoutOffer? Offer = null,
    Customer? Customer = null,
    IReadOnlyList<PaymentMethod>? Cards = null,
    Uri? ActionUrl = null)
{
    /// <summary>The processor's page on which the customer gives a card; null unless the customer wants to.</summary>
    public Uri? CardPage { get; init; }

    /// <summary>Whether cards are given in the processor's form in this page.</summary>
    public bool HasForm { get; init; }

    /// <summary>What the processor's script needs in this page, for the card that is given or for the bank; null where it does not run.</summary>
    public CardForm? Form { get; init; }

    /// <summary>What was wrong with what the customer sent, for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
