using System.Text.Json.Serialization;

namespace Lava.Service.Gateway.Caching;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CachedRow))]
[JsonSerializable(typeof(CachedHead))]
internal sealed partial class CachingJson : JsonSerializerContext;
