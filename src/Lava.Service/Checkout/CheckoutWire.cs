using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.Checkout;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CheckoutSessionResponse))]
internal sealed partial class CheckoutWire : JsonSerializerContext;
