using System.Text.Json.Serialization;
using Lava.Core.SpendKeys;

namespace Lava.Service.SpendKeys;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SpendKey))]
[JsonSerializable(typeof(SpendKeyCredential))]
[JsonSerializable(typeof(SpendKeyUsage))]
internal sealed partial class SpendKeysJson : JsonSerializerContext;
