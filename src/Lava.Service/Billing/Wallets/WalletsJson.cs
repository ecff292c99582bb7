using System.Text.Json.Serialization;

namespace Lava.Service.Billing.Wallets;

/// <summary>Stored shapes of wallets and their payments.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(WalletFundingMessage))]
[JsonSerializable(typeof(AutoReload))]
[JsonSerializable(typeof(WalletState))]
[JsonSerializable(typeof(WalletCorrection))]
[JsonSerializable(typeof(WalletEventData))]
[JsonSerializable(typeof(decimal))]
internal sealed partial class WalletsJson : JsonSerializerContext;
