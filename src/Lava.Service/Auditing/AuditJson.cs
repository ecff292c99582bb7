using System.Text.Json.Serialization;

namespace Lava.Service.Auditing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AuditResult))]
internal sealed partial class AuditJson : JsonSerializerContext;
