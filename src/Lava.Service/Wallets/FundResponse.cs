using System.Text.Json.Serialization;

namespace Lava.Service.Wallets;

/// <summary>Answer to a funding (rest-api.md §16.2): the balance when it is completed, an address where it needs authentication.</summary>
internal sealed record FundResponse(
    string Status,
    string PaymentId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Balance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Uri? RedirectUrl);
