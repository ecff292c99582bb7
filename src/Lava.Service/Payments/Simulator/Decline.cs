namespace Lava.Service.Payments.Simulator;

/// <summary>Why a charge fails, in Stripe's codes (Stripe, "Decline codes").</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">The same as a sentence.</param>
public sealed record Decline(string Code, string Message)
{
    /// <summary>The bank does not say why.</summary>
    public static readonly Decline Generic = new("generic_decline", "The card was declined.");

    /// <summary>There is not enough money.</summary>
    public static readonly Decline InsufficientFunds = new("insufficient_funds", "The card has insufficient funds.");

    /// <summary>It was reported lost.</summary>
    public static readonly Decline LostCard = new("lost_card", "The card was declined.");

    /// <summary>It was reported stolen.</summary>
    public static readonly Decline StolenCard = new("stolen_card", "The card was declined.");

    /// <summary>It has expired.</summary>
    public static readonly Decline ExpiredCard = new("expired_card", "The card has expired.");

    /// <summary>Its security code is wrong.</summary>
    public static readonly Decline IncorrectCvc = new("incorrect_cvc", "The card's security code is incorrect.");

    /// <summary>The bank could not work on it.</summary>
    public static readonly Decline ProcessingError = new("processing_error", "An error occurred while processing the card; try again in a little while.");

    /// <summary>It was charged too often or for too much.</summary>
    public static readonly Decline VelocityExceeded = new(
        "card_velocity_exceeded",
        "The card was declined for making repeated attempts too frequently or exceeding its amount limit.");

    /// <summary>The cardholder is needed and is not there.</summary>
    public static readonly Decline AuthenticationRequired = new("authentication_required", "The cardholder must authenticate this charge.");

    /// <summary>The cardholder was asked and did not pass.</summary>
    public static readonly Decline AuthenticationFailed = new("authentication_failed", "The cardholder could not be authenticated.");

    /// <summary>The cardholder did not come in time.</summary>
    public static readonly Decline GivenUp = new("canceled", "The payment was cancelled.");

    /// <summary>There is no card.</summary>
    public static readonly Decline NoCard = new("no_payment_method", "There is no card to charge.");
}
