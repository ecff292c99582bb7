using System.Text.Json.Serialization;

namespace Lava.Service.Wallets;

/// <summary>How a wallet is filled by itself, on the wire; without the amounts where it is not.</summary>
internal sealed record AutoReloadResponse(
    bool Enabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Threshold = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Amount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DailyCap = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PaymentMethodId = null);
