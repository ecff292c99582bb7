using System.Text.Json.Serialization;

namespace Lava.Service.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(SuccessResponse))]
[JsonSerializable(typeof(StoredAnswer))]
internal sealed partial class HttpJson : JsonSerializerContext;
