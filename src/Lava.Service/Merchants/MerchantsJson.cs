using System.Text.Json.Serialization;

namespace Lava.Service.Merchants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Merchant))]
[JsonSerializable(typeof(WalletResponse))]
internal sealed partial class MerchantsJson : JsonSerializerContext;
