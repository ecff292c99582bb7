using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;
using Lava.Service.Webhooks.Deliveries;

namespace Lava.Service.Webhooks;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(WebhookResponse))]
[JsonSerializable(typeof(ListResponse<WebhookResponse>))]
[JsonSerializable(typeof(DeliveryResponse))]
[JsonSerializable(typeof(ListResponse<DeliveryResponse>))]
internal sealed partial class WebhooksWire : JsonSerializerContext;
