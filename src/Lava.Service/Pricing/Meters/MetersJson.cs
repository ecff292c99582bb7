using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;

namespace Lava.Service.Pricing.Meters;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(Meter))]
[JsonSerializable(typeof(MeterResponse))]
[JsonSerializable(typeof(ListResponse<MeterResponse>))]
internal sealed partial class MetersJson : JsonSerializerContext;
