using System.Text.Json.Serialization;

namespace Lava.Service.Customers.Checkout;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CheckoutSession))]
[JsonSerializable(typeof(CheckoutPointer))]
[JsonSerializable(typeof(CheckoutToken))]
internal sealed partial class CheckoutJson : JsonSerializerContext;
