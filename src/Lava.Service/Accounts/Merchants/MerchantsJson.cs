using System.Text.Json.Serialization;
using Lava.Service.Wallets;

namespace Lava.Service.Accounts.Merchants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Merchant))]
[JsonSerializable(typeof(WalletResponse))]
internal sealed partial class MerchantsJson : JsonSerializerContext;
