using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Customers.Subscriptions;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CreatedSubscriptionResponse))]
[JsonSerializable(typeof(PaidSubscriptionResponse))]
[JsonSerializable(typeof(ListResponse<SubscriptionListItem>))]
internal sealed partial class SubscriptionsJson : JsonSerializerContext;
