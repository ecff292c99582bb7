using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Payments;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(PaymentMethodResponse))]
[JsonSerializable(typeof(PaymentMethodsResponse))]
internal sealed partial class PaymentsWire : JsonSerializerContext;
