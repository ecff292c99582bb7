using System.Text.Json.Serialization;
using Lava.Service.Api.Idempotency;

namespace Lava.Service.Api;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeletedResponse))]
[JsonSerializable(typeof(SuccessResponse))]
[JsonSerializable(typeof(StoredAnswer))]
internal sealed partial class HttpJson : JsonSerializerContext;
