using System.Text.Json.Serialization;

namespace Lava.Service.Customers.Portal;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PortalSession))]
internal sealed partial class PortalJson : JsonSerializerContext;
