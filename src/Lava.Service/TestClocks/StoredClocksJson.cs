using System.Text.Json.Serialization;

namespace Lava.Service.TestClocks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TestClock))]
internal sealed partial class StoredClocksJson : JsonSerializerContext;
