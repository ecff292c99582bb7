using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.ProviderKeys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(ProviderKeyResponse))]
[JsonSerializable(typeof(ListResponse<ProviderKeyResponse>))]
internal sealed partial class StoredKeysWire : JsonSerializerContext;
