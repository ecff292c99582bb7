using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.Meters;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(Meter))]
[JsonSerializable(typeof(MeterResponse))]
[JsonSerializable(typeof(ListResponse<MeterResponse>))]
internal sealed partial class MetersJson : JsonSerializerContext;
