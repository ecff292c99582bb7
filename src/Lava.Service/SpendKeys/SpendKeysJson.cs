using System.Text.Json.Serialization;

namespace Lava.Service.SpendKeys;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SpendKey))]
[JsonSerializable(typeof(SpendKeyCredential))]
[JsonSerializable(typeof(SpendKeyEventData))]
internal sealed partial class SpendKeysJson : JsonSerializerContext;
