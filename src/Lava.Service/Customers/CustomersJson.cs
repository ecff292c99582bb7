using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Customers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(Customer))]
[JsonSerializable(typeof(CustomerResponse))]
[JsonSerializable(typeof(ListResponse<CustomerResponse>))]
[JsonSerializable(typeof(CustomerSubscriptionResponse))]
[JsonSerializable(typeof(CustomerEventData))]
internal sealed partial class CustomersJson : JsonSerializerContext;
