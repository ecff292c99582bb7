namespace Lava.Service.Payments;

/// <summary>A card of test mode and what it does, as Stripe's test cards do (Stripe, "Testing").</summary>
/// <param name="Token">Its token.</param>
/// <param name="Number">Its number.</param>
/// <param name="Brand">Its brand.</param>
/// <param name="DeclineCode">Why a charge fails; null where it succeeds.</param>
/// <param name="RequiresAuthentication">Whether the cardholder must authenticate each charge.</param>
public sealed record TestCard(string Token, string Number, string Brand, string? DeclineCode = null, bool RequiresAuthentication = false)
{
    /// <summary>The cards, by token and by number.</summary>
    public static readonly IReadOnlyDictionary<string, TestCard> All = Known([
        new("pm_card_visa", "4242424242424242", "visa"),
        new("pm_card_mastercard", "5555555555554444", "mastercard"),
        new("pm_card_amex", "378282246310005", "amex"),
        new("pm_card_discover", "6011111111111117", "discover"),
        new("pm_card_visa_debit", "4000056655665556", "visa"),
        new("pm_card_chargeDeclined", "4000000000000002", "visa", "generic_decline"),
        new("pm_card_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", "insufficient_funds"),
        new("pm_card_chargeDeclinedLostCard", "4000000000009987", "visa", "lost_card"),
        new("pm_card_chargeDeclinedStolenCard", "4000000000009979", "visa", "stolen_card"),
        new("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "visa", "expired_card"),
        new("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "visa", "incorrect_cvc"),
        new("pm_card_chargeDeclinedProcessingError", "4000000000000119", "visa", "processing_error"),
        new("pm_card_chargeCustomerFail", "4000000000000341", "visa", "generic_decline"),
        new("pm_card_authenticationRequired", "4000002760003184", "visa", RequiresAuthentication: true),
    ]);

    private static Dictionary<string, TestCard> Known(IReadOnlyList<TestCard> cards)
    {
        var known = new Dictionary<string, TestCard>(StringComparer.Ordinal);
        foreach (var card in cards) known[card.Token] = known[card.Number] = card;
        return known;
    }
}
