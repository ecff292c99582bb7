using System.Text.Json.Serialization;
using Lava.Service.Billing.Wallets;

namespace Lava.Service.Accounts.SpendKeys;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(SpendKey))]
[JsonSerializable(typeof(SpendKeyCredential))]
[JsonSerializable(typeof(SpendKeyEventData))]
internal sealed partial class SpendKeysJson : JsonSerializerContext;
