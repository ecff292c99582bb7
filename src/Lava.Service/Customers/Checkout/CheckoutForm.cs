using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Api.Input;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Customers.Checkout;

/// <summary>What a customer sends from the checkout's page. Everything is a text of at most a kilobyte, as it was typed.</summary>
/// <param name="Name">Name of a new customer.</param>
/// <param name="Email">Its address for mail.</param>
/// <param name="Phone">Its telephone number.</param>
/// <param name="CardId">The kept card that was chosen.</param>
/// <param name="CardNumber">The test card that was entered, where none was chosen.</param>
internal sealed record CheckoutForm(string Name, string Email, string Phone, string CardId, string CardNumber)
{
    /// <summary>Whether the customer wants to give a card to the processor: in its form in this page or, where there is none, on its page.</summary>
    public bool WantsToGive { get; init; }

    /// <summary>The setup in which a card was given in the processor's form; empty where none was.</summary>
    public string SetupId { get; init; } = "";

    /// <summary>Price and content that the page showed; empty where it was not sent.</summary>
    public string Terms { get; init; } = "";

    /// <summary>Whether the customer gives up the payment for which the bank asks, and wants to pay in another way.</summary>
    public bool GivesUp { get; init; }

    /// <summary>Reads a form.</summary>
    public static CheckoutForm Of(IFormCollection form) =>
        new(Text(form, "name"), Text(form, "email"), Text(form, "phone"), Text(form, "card"), Text(form, "number").Replace(" ", "", StringComparison.Ordinal))
        {
            WantsToGive = Text(form, "new_card") == "1",
            SetupId = Text(form, "setup"),
            Terms = Text(form, "terms"),
            GivesUp = Text(form, "give_up") == "1",
        };

    /// <summary>The contact data as the API takes it.</summary>
    internal RequestFields Contact()
    {
        var contact = new JsonObject { ["email"] = Email };
        if (Name.Length > 0) contact["name"] = Name;
        if (Phone.Length > 0) contact["phone"] = Phone.Replace(" ", "", StringComparison.Ordinal);
        return new RequestFields(JsonElement.Parse(contact.ToJsonString()));
    }

    private static string Text(IFormCollection form, string name) => form[name].ToString().Trim();
}
