using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Admin;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(NewMerchantResponse))]
[JsonSerializable(typeof(ListResponse<MerchantResponse>))]
[JsonSerializable(typeof(ListResponse<AdminAction>))]
[JsonSerializable(typeof(ListResponse<DisputeResponse>))]
[JsonSerializable(typeof(ListResponse<DeadLetterResponse>))]
internal sealed partial class AdminWire : JsonSerializerContext;
