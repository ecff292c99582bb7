using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Accounts.ProviderKeys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(ProviderKeyResponse))]
[JsonSerializable(typeof(ListResponse<ProviderKeyResponse>))]
internal sealed partial class StoredKeysWire : JsonSerializerContext;
