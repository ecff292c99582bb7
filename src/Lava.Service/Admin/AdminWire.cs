using System.Text.Json.Serialization;
using Lava.Service.Http;

namespace Lava.Service.Admin;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(NewMerchantResponse))]
[JsonSerializable(typeof(ListResponse<MerchantResponse>))]
[JsonSerializable(typeof(ListResponse<AdminDeed>))]
internal sealed partial class AdminWire : JsonSerializerContext;
