using System.Text.Json.Serialization;
using Lava.Service.Api;

namespace Lava.Service.Customers.Portal;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(PortalSessionResponse))]
internal sealed partial class PortalWire : JsonSerializerContext;
