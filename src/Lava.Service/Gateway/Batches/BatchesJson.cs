using System.Text.Json.Serialization;

namespace Lava.Service.Gateway.Batches;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BatchClaim))]
internal sealed partial class BatchesJson : JsonSerializerContext;
