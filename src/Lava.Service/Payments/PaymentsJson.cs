using System.Text.Json.Serialization;
using Lava.Service.Billing.Wallets;
using Lava.Service.Payments.Simulator;

namespace Lava.Service.Payments;

/// <summary>Stored shapes of payments.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredPayment))]
[JsonSerializable(typeof(StoredMethod))]
[JsonSerializable(typeof(StoredSetup))]
[JsonSerializable(typeof(WalletFundingMessage))]
[JsonSerializable(typeof(PaymentEvent))]
[JsonSerializable(typeof(AutoReload))]
[JsonSerializable(typeof(WalletState))]
[JsonSerializable(typeof(WalletEventData))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(decimal))]
public sealed partial class PaymentsJson : JsonSerializerContext;
