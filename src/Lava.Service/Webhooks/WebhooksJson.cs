using System.Text.Json.Serialization;
using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Webhooks;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(Delivery))]
[JsonSerializable(typeof(DeliveryMessage))]
[JsonSerializable(typeof(string))]
internal sealed partial class WebhooksJson : JsonSerializerContext;
