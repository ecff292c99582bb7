using System.Text.Json.Serialization;

namespace Lava.Functions.Payments;

/// <summary>Stored shapes of what is known of Stripe.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredCharge))]
[JsonSerializable(typeof(StoredCustomer))]
[JsonSerializable(typeof(StoredMark))]
[JsonSerializable(typeof(StoredRefund))]
[JsonSerializable(typeof(string))]
public sealed partial class StripeRows : JsonSerializerContext;
