using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.ProviderKeys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredKeySet))]
internal sealed partial class StoredKeysJson : JsonSerializerContext;
