using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Pricing.Plans;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(CreditBundle))]
[JsonSerializable(typeof(PlanResponse))]
[JsonSerializable(typeof(CreditBundleResponse))]
[JsonSerializable(typeof(ListResponse<CreditBundleResponse>))]
[JsonSerializable(typeof(ListResponse<PlanResponse>))]
internal sealed partial class PlansJson : JsonSerializerContext;
