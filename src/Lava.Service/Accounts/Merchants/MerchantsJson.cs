using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.Merchants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Merchant))]
internal sealed partial class MerchantsJson : JsonSerializerContext;
