using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Accounts.SpendKeys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(SpendKeyResponse))]
[JsonSerializable(typeof(ListResponse<SpendKeyResponse>))]
internal sealed partial class SpendKeysWire : JsonSerializerContext;
