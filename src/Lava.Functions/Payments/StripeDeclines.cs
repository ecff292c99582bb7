using Lava.Service.Payments.Simulator;
using Stripe;

namespace Lava.Functions.Payments;

/// <summary>Why Stripe declines, as the service says it (Stripe, "Error codes", "Decline codes").</summary>
internal static class StripeDeclines
{
    private static readonly Dictionary<string, Decline> Known = new[]
    {
        Decline.Generic,
        Decline.InsufficientFunds,
        Decline.LostCard,
        Decline.StolenCard,
        Decline.ExpiredCard,
        Decline.IncorrectCvc,
        Decline.ProcessingError,
        Decline.VelocityExceeded,
        Decline.AuthenticationRequired, Decline.AuthenticationFailed,
    }.ToDictionary(decline => decline.Code, StringComparer.Ordinal);

    /// <summary>The decline that an error tells of.</summary>
    public static Decline Of(StripeError error)
    {
        var code = error.Code switch
        {
            "card_declined" or null => error.DeclineCode ?? Decline.Generic.Code,
            "payment_intent_authentication_failure" or "setup_intent_authentication_failure" => Decline.AuthenticationFailed.Code,
            "invalid_cvc" => Decline.IncorrectCvc.Code,
            var other => other,
        };
        if (Known.TryGetValue(code, out var known)) return known;

        // Banks' reasons are many, and some (fraudulent) are not for the cardholder's eyes.
        return new Decline(code, error.Code == "card_declined" || string.IsNullOrEmpty(error.Message) ? Decline.Generic.Message : error.Message);
    }
}
