using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.SpendKeys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(SpendKeyResponse))]
[JsonSerializable(typeof(ListResponse<SpendKeyResponse>))]
internal sealed partial class SpendKeysWire : JsonSerializerContext;
