using System.Text.Json.Serialization;

namespace Lava.Service.Gateway.Fallbacks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FallbackChain))]
internal sealed partial class FallbacksJson : JsonSerializerContext;
