using System.Text.Json.Serialization;

namespace Lava.Service.Gateway.Caching;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeptRow))]
[JsonSerializable(typeof(KeptHead))]
internal sealed partial class CachingJson : JsonSerializerContext;
