using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Accounts.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(StoredSecretKey))]
[JsonSerializable(typeof(KeyCount))]
[JsonSerializable(typeof(SecretKeyResponse))]
[JsonSerializable(typeof(ListResponse<SecretKeyResponse>))]
internal sealed partial class KeysJson : JsonSerializerContext;
