using Lava.Service.Pages;

namespace Lava.Service.Customers.Checkout;

/// <summary>Stripe.js in the checkout's page: it takes a card's data in a frame of Stripe's, and has the cardholder's bank ask there (Stripe.js, "Confirm a
/// setup", "Handle a next action"). What it says of the outcome is never believed: the page then asks this server, which asks Stripe.</summary>
internal static class StripeForm
{
    /// <summary>The script, which is to be loaded from Stripe and never copied (Stripe.js, "Including Stripe.js"), and what it needs ("Integration security
    /// guide", content security policy).</summary>
    public static readonly ThirdPartyScript Script = new(
        "https://js.stripe.com/v3/",
        "https://js.stripe.com https://*.js.stripe.com",
        "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
        "https://api.stripe.com");

    /// <summary>What <see cref="Authenticate"/> needs.</summary>
    public const string Bank =
        """<p class="bad" role="alert" id="problem" hidden></p><button class="pay" type="button" id="leave">Continue to your bank</button>""";

    /// <summary>The place of the form, below which <see cref="Give"/> runs.</summary>
    /// <param name="terms">The field with what is agreed to.</param>
    /// <param name="button">What its button says, encoded.</param>
    public static string Body(string terms, string button) => $"""
        <form method="post" id="new">{terms}<p class="bad" role="alert" id="problem" hidden></p><div id="card"></div>
        <input type="hidden" name="setup"><button class="pay" id="give" disabled>{button}</button></form>
        """;

    /// <summary>Shows the form; sends the setup's name to this server when the card is given. Reads <c>publishableKey</c>, <c>clientSecret</c> and
    /// <c>returnUrl</c> of the page's values: where a bank sends the customer back to that cannot ask in the frame; Stripe keeps it.</summary>
    public static readonly string Give = EmbeddedFile.Read("Customers/Checkout/Assets/card.js");

    /// <summary>Has the bank ask, at once and whenever the button <c>leave</c> is pressed, and then asks this server what became of the payment. Reads
    /// <c>publishableKey</c> and <c>clientSecret</c>.</summary>
    public static readonly string Authenticate = EmbeddedFile.Read("Customers/Checkout/Assets/bank.js");
}
