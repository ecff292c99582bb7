using System.Text;
using System.Text.Encodings.Web;
using Lava.Core.Money;
using Lava.Service.Pages;
using Lava.Service.Ports.Payments;

namespace Lava.Service.Customers.Checkout;

/// <summary>Renders the checkout's page. It tells the page around it, and no other origin, that the checkout is completed or given up, in the words that the
/// checkout SDK knows.</summary>
internal static class CheckoutPage
{
    private const string GiveUp = "<form method=\"post\"><button name=\"give_up\" value=\"1\">Pay another way</button></form>";

    private static readonly string Style = EmbeddedFile.Read("Customers/Checkout/Assets/checkout.css");

    private static readonly (string Title, string Content) ThankYou = ("Thank you", "<h1>Thank you</h1><p>Payment complete. You can close this window.</p>");

    private static readonly (string Title, string Content) Ended =
        ("Checkout ended", "<h1>Checkout ended</h1><p>This checkout has expired, or its offer is no longer available.</p>");

    /// <summary>What a customer is told who has given a card on the processor's page.</summary>
    public const string CardKept = "Your card is saved. Go back to the checkout to pay with it.";

    /// <summary>The page of a checkout.</summary>
    /// <param name="view">How far it is.</param>
    /// <param name="form">What the customer has sent; null for nothing.</param>
    /// <param name="back">Where a bank sends the customer back to.</param>
    public static HtmlPage Of(CheckoutView view, CheckoutForm? form, Uri back)
    {
        var (title, content) = view.Stage switch
        {
            CheckoutStage.Completed => ThankYou,
            CheckoutStage.Closed => Ended,
            CheckoutStage.Authenticating when view.ActionUrl is null => (
                "Confirm payment",
                $"<h1>Confirm this payment with your bank</h1><p>Your bank needs to confirm that it is you.</p>{(view.Form is null
                    ? ""
                    : StripeForm.Bank)}<p><a href=\"?returned=1\">I have confirmed the payment</a></p>{GiveUp}"),
            CheckoutStage.Authenticating => ("Confirm payment", ToBank(view.ActionUrl)),
            _ => (Encode(view.Offer!.Name), Form(view, form)),
        };
        return Framed(view, title, content, CheckoutScript.Of(view, back)) with { Foreign = view.Form is null ? null : StripeForm.Script };
    }

    /// <summary>The page to which a bank or the processor sends the customer back. Its address is known to others, so it only says what became of the payment.
    /// In the tab that the customer left, it goes on to the checkout's own page, whose address that tab has kept.</summary>
    public static HtmlPage Returned(CheckoutView view, string said)
    {
        var (title, content) = view.Stage switch
        {
            CheckoutStage.Completed => ThankYou,
            CheckoutStage.Closed => Ended,
            CheckoutStage.Authenticating =>
                ("Confirm payment", "<h1>Waiting for your bank</h1><p>Your bank has not confirmed the payment yet.</p><p><a href=\"?\">Check again</a></p>"),
            _ => ("Checkout", $"<h1>Checkout</h1><p role=\"status\">{Encode(said)}</p>"),
        };
        return Framed(view, title, content, CheckoutScript.Returned(view));
    }

    /// <summary>The page that leads to the processor's, in a window of its own: that one lets no other frame it.</summary>
    public static HtmlPage Leave(CheckoutView view, Uri cardPage) => new(
        "Add a card",
        $"<main><h1>Add a card</h1><p>You enter the card on our payment processor's page.</p><p><a "
            + $"href=\"{Encode(cardPage.AbsoluteUri)}\">Continue</a></p></main>")
    {
        Style = Style,
        FrameAncestors = view.Session.Origin,
    };

    /// <summary>Whether an address is of another server, as those of a bank in live mode are.</summary>
    public static bool IsElsewhere(Uri address) => address is { IsAbsoluteUri: true, Scheme: "https" or "http" };

    public static HtmlPage Unknown() =>
        new(
            "Checkout not found",
            "<main><h1>Checkout not found</h1><p>This checkout does not exist.</p></main>") { Style = Style, FrameAncestors = "https: http:" };

    private static HtmlPage Framed(CheckoutView view, string title, string content, string script)
    {
        var close = view.Stage == CheckoutStage.Completed ? "" : "<button class=\"close\" type=\"button\" id=\"close\" aria-label=\"Close\">×</button>";
        return new HtmlPage(title, $"<main>{close}{content}</main>") { Style = Style, Script = script, FrameAncestors = view.Session.Origin };
    }

    private static string Form(CheckoutView view, CheckoutForm? form)
    {
        var offer = view.Offer!;
        var html = new StringBuilder($"<h1>{Encode(offer.Name)}</h1><p>{Encode(offer.Price)}");
        if (offer.Credits > 0) html.Append($", with {Encode(Amount.Trimmed(offer.Credits))} of credit");
        html.Append("</p>");
        if (!view.Session.IsLive) html.Append("<p class=\"test\">Test mode: no card is charged.</p>");
        foreach (var problem in view.Problems) html.Append($"<p class=\"bad\" role=\"alert\">{Encode(problem)}</p>");
        html.Append($"<form method=\"post\">{Terms(offer)}");
        if (view.Customer is null)
        {
            html.Append(Input("email", "E-mail", "type=\"email\" autocomplete=\"email\" required maxlength=\"320\"", form?.Email));
            html.Append(Input("name", "Name", "autocomplete=\"name\" maxlength=\"255\"", form?.Name));
            html.Append(Input("phone", "Phone (with country code)", "type=\"tel\" autocomplete=\"tel\" maxlength=\"20\"", form?.Phone));
        }

        AppendCards(html, view, form);
        var hasCards = view.Cards is { Count: > 0 };
        var gives = view.Form is null && view.Session.IsLive;
        if (hasCards || !view.Session.IsLive) html.Append($"<button class=\"pay\">Pay {Encode(offer.Price)}</button>");

        // Behind the other, which is the one that the Enter key means.
        if (gives)
        {
            html.Append($"<button id=\"leave\" name=\"new_card\" value=\"1\"{(view.HasForm
                ? ""
                : " formtarget=\"_blank\"")}>{(hasCards ? "Add another card" : "Add a card")}</button>");
        }
        html.Append("</form>");
        if (view.Form is not null) html.Append(StripeForm.Body(Terms(offer), hasCards ? "Pay with another card" : $"Pay {Encode(offer.Price)}"));
        return html.ToString();
    }

    // What is agreed to goes with the form, so that a price that changes meanwhile is shown before it is charged.
    private static string Terms(CheckoutOffer offer) => $"<input type=\"hidden\" name=\"terms\" value=\"{Encode(offer.Terms)}\">";

    private static void AppendCards(StringBuilder html, CheckoutView view, CheckoutForm? form)
    {
        IReadOnlyList<PaymentMethod> cards = view.Cards ?? [];
        var chosen = cards.FirstOrDefault(card => card.Id == form?.CardId)
            ?? cards.FirstOrDefault(card => card.IsDefault) ?? (cards.Count > 0 ? cards[0] : null);
        if (form is not null && form.CardNumber.Length > 0) chosen = null;
        foreach (var card in cards)
            html.Append($"<label><input type=\"radio\" name=\"card\" value=\"{Encode(card.Id)}\"{(card == chosen ? " checked" : "")}> {Encode(card.Brand)} "
                + $"•••• {Encode(card.Last4)}</label>");
        if (view.Session.IsLive) return;
        if (cards.Count > 0) html.Append($"<label><input type=\"radio\" name=\"card\" value=\"\"{(chosen is null ? " checked" : "")}> Another card</label>");
        html.Append(Input("number", "Test card", "inputmode=\"numeric\" autocomplete=\"off\" placeholder=\"4242 4242 4242 4242\" maxlength=\"64\"", null));
    }

    private static string Input(string name, string label, string attributes, string? value) =>
        $"<label>{label}<input name=\"{name}\" {attributes} value=\"{Encode(value ?? "")}\"></label>";

    private static string ToBank(Uri address)
    {
        var window = IsElsewhere(address) ? " target=\"_blank\" rel=\"noopener\"" : "";
        return "<h1>Confirm this payment with your bank</h1><p>Your bank needs to confirm that it is you.</p>"
            + $"<p><a id=\"leave\" href=\"{Encode(address.OriginalString)}\"{window}>Continue to your bank</a></p>{GiveUp}";
    }

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
