namespace Lava.Service.Ports.Payments;

/// <summary>What the processor's script needs in a page of ours, where it takes a card's data or has the cardholder's bank authenticate a payment. It is asked
/// for whenever such a page is made, shown to the cardholder alone, and neither kept nor logged.</summary>
/// <param name="PublishableKey">Tells the script whose account it is; no secret.</param>
/// <param name="ClientSecret">Lets the cardholder's browser, and whoever has it, give the card or authenticate the payment.</param>
public sealed record CardForm(string PublishableKey, string ClientSecret)
{
    /// <summary>Its name alone, so that no log has the secret.</summary>
    public override string ToString() => nameof(CardForm);
}
