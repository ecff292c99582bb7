using System.Text.Json.Serialization;

namespace Lava.Service.Admin;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AdminAction))]
internal sealed partial class AdminJson : JsonSerializerContext;
