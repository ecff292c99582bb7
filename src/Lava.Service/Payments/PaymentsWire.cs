using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Wallets;

namespace Lava.Service.Payments;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CardSetupResponse))]
[JsonSerializable(typeof(FundResponse))]
[JsonSerializable(typeof(AutoReloadResponse))]
[JsonSerializable(typeof(PaymentMethodResponse))]
[JsonSerializable(typeof(PaymentMethodsResponse))]
internal sealed partial class PaymentsWire : JsonSerializerContext;
