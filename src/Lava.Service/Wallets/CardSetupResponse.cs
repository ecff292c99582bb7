using System.Text.Json.Serialization;
using Lava.Service.Payments;

namespace Lava.Service.Wallets;

/// <summary>The collection of a card on the wire: the page's address while it is waited for, the card when it is given.</summary>
internal sealed record CardSetupResponse(
    string SetupId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Uri? Url,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PaymentMethodResponse? PaymentMethod);
