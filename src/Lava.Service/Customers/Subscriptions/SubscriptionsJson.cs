using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;
using Lava.Service.TestHelpers;

namespace Lava.Service.Customers.Subscriptions;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CreatedSubscriptionResponse))]
[JsonSerializable(typeof(PaidSubscriptionResponse))]
[JsonSerializable(typeof(ListResponse<SubscriptionListItem>))]
[JsonSerializable(typeof(TestClockResponse))]
[JsonSerializable(typeof(ListResponse<TestClockResponse>))]
internal sealed partial class SubscriptionsJson : JsonSerializerContext;
