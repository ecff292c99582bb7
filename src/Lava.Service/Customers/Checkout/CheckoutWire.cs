using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Customers.Checkout;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CheckoutSessionResponse))]
internal sealed partial class CheckoutWire : JsonSerializerContext;
