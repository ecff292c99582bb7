namespace Lava.Service.Payments.Simulator;

/// <summary>A card of test mode and what it does, as Stripe's test cards do (Stripe, "Testing"). Stripe refuses to keep a card that declines, but for one
/// (…0341); here every card can be kept, so that each decline can be tried.</summary>
/// <param name="Token">Its token.</param>
/// <param name="Number">Its number.</param>
/// <param name="Brand">Its brand.</param>
/// <param name="Decline">Why a charge fails; null where it succeeds.</param>
/// <param name="Authentication">When the cardholder must authenticate a charge; what <paramref name="Decline"/> says comes after it.</param>
internal sealed record TestCard(
    string Token,
    string Number,
    string Brand,
    Decline? Decline = null,
    CardAuthentication Authentication = CardAuthentication.Never)
{
    /// <summary>The cards, by token and by number.</summary>
    public static readonly IReadOnlyDictionary<string, TestCard> All = Known([
        new("pm_card_visa", "4242424242424242", "visa"),
        new("pm_card_visa_debit", "4000056655665556", "visa"),
        new("pm_card_mastercard", "5555555555554444", "mastercard"),
        new("pm_card_amex", "378282246310005", "amex"),
        new("pm_card_discover", "6011111111111117", "discover"),
        new("pm_card_visa_chargeDeclined", "4000000000000002", "visa", Decline.Generic),
        new("pm_card_visa_chargeDeclinedInsufficientFunds", "4000000000009995", "visa", Decline.InsufficientFunds),
        new("pm_card_visa_chargeDeclinedLostCard", "4000000000009987", "visa", Decline.LostCard),
        new("pm_card_visa_chargeDeclinedStolenCard", "4000000000009979", "visa", Decline.StolenCard),
        new("pm_card_chargeDeclinedExpiredCard", "4000000000000069", "visa", Decline.ExpiredCard),
        new("pm_card_chargeDeclinedIncorrectCvc", "4000000000000127", "visa", Decline.IncorrectCvc),
        new("pm_card_chargeDeclinedProcessingError", "4000000000000119", "visa", Decline.ProcessingError),
        new("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", "visa", Decline.VelocityExceeded),
        new("pm_card_chargeCustomerFail", "4000000000000341", "visa", Decline.Generic),
        new("pm_card_authenticationRequired", "4000002760003184", "visa", Authentication: CardAuthentication.Always),
        new("pm_card_authenticationRequiredOnSetup", "4000002500003155", "visa", Authentication: CardAuthentication.Always),
        new("pm_card_authenticationRequiredSetupForOffSession", "4000003800000446", "visa", Authentication: CardAuthentication.OnSession),
        new("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "4000008260003178", "visa", Decline.InsufficientFunds, CardAuthentication.Always),
    ]);

    private static Dictionary<string, TestCard> Known(IReadOnlyList<TestCard> cards)
    {
        var known = new Dictionary<string, TestCard>(StringComparer.Ordinal);
        foreach (var card in cards)
        {
            known[card.Token] = known[card.Number] = card;

            // Stripe's documentation has had these tokens with and without the brand.
            known[card.Token.Replace("pm_card_visa_charge", "pm_card_charge", StringComparison.Ordinal)] = card;
        }

        return known;
    }
}
