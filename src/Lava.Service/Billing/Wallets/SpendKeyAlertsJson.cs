using System.Text.Json.Serialization;

namespace Lava.Service.Billing.Wallets;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SpendKeyEventData))]
internal sealed partial class SpendKeyAlertsJson : JsonSerializerContext;
