namespace Lava.StripeFake;

/// <summary>What a card does at the fake Stripe (Stripe, "Testing").</summary>
/// <param name="Code">The error's code; null where it pays.</param>
/// <param name="DeclineCode">The error's decline code.</param>
/// <param name="Message">The error's message.</param>
/// <param name="IsKept">Whether Stripe keeps it for a customer.</param>
/// <param name="IsAuthenticated">Whether its holder must authenticate each charge.</param>
internal sealed record FakeCard(string? Code, string? DeclineCode, string? Message, bool IsKept = true, bool IsAuthenticated = false)
{
    public static readonly IReadOnlyDictionary<string, FakeCard> All = new Dictionary<string, FakeCard>(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = new(null, null, null),
        ["pm_card_mastercard"] = new(null, null, null),
        ["pm_card_authenticationRequired"] = new(null, null, null, IsAuthenticated: true),
        ["pm_card_chargeCustomerFail"] = new("card_declined", "generic_decline", "Your card was declined."),
        ["pm_card_chargeDeclined"] = new("card_declined", "generic_decline", "Your card was declined.", IsKept: false),
        ["pm_card_chargeDeclinedInsufficientFunds"] = new("card_declined", "insufficient_funds", "Your card has insufficient funds.", IsKept: false),
        ["pm_card_chargeDeclinedExpiredCard"] = new("expired_card", null, "Your card has expired.", IsKept: false),
        ["pm_card_chargeDeclinedIncorrectCvc"] = new("incorrect_cvc", null, "Your card's security code is incorrect.", IsKept: false),
    };
}
