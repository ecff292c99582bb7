using System.Text.Json.Serialization;

namespace Lava.Service.Billing.Clocks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TestClock))]
internal sealed partial class StoredClocksJson : JsonSerializerContext;
