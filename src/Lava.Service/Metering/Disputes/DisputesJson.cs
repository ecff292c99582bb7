using System.Text.Json.Serialization;

namespace Lava.Service.Metering.Disputes;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(StoredDispute))]
internal sealed partial class DisputesJson : JsonSerializerContext;
