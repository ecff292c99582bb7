using System.Text.Json.Serialization;
using Lava.Service.Payments.Simulator;

namespace Lava.Service.Payments;

/// <summary>Stored shapes of payments.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredPayment))]
[JsonSerializable(typeof(StoredMethod))]
[JsonSerializable(typeof(StoredSetup))]
[JsonSerializable(typeof(PaymentEvent))]
[JsonSerializable(typeof(string))]
internal sealed partial class PaymentsJson : JsonSerializerContext;
