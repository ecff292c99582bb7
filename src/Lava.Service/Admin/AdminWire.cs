using System.Text.Json.Serialization;
using Lava.Service.Admin.Merchants;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Admin;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(NewMerchantResponse))]
[JsonSerializable(typeof(ListResponse<MerchantResponse>))]
[JsonSerializable(typeof(MerchantDetailResponse))]
[JsonSerializable(typeof(RotatedKeyResponse))]
[JsonSerializable(typeof(CorrectionResponse))]
[JsonSerializable(typeof(ListResponse<AdminAction>))]
[JsonSerializable(typeof(ListResponse<DisputeResponse>))]
[JsonSerializable(typeof(ListResponse<DeadLetterResponse>))]
internal sealed partial class AdminWire : JsonSerializerContext;
