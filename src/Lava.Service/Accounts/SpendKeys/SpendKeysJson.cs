using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.SpendKeys;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SpendKey))]
[JsonSerializable(typeof(SpendKeyCredential))]
internal sealed partial class SpendKeysJson : JsonSerializerContext;
