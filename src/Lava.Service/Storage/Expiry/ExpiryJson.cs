using System.Text.Json.Serialization;

namespace Lava.Service.Storage.Expiry;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExpiringRow))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class ExpiryJson : JsonSerializerContext;
