using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Wallets;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(WalletResponse))]
[JsonSerializable(typeof(CardSetupResponse))]
[JsonSerializable(typeof(FundResponse))]
[JsonSerializable(typeof(AutoReloadResponse))]
internal sealed partial class WalletsWire : JsonSerializerContext;
