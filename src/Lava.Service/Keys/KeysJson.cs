using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(StoredCredential))]
[JsonSerializable(typeof(StoredSecretKey))]
[JsonSerializable(typeof(KeyCount))]
[JsonSerializable(typeof(SecretKeyResponse))]
[JsonSerializable(typeof(ListResponse<SecretKeyResponse>))]
internal sealed partial class KeysJson : JsonSerializerContext;
