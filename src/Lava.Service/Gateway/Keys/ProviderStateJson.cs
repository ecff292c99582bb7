using System.Text.Json.Serialization;
using Lava.Service.Api.Lists;

namespace Lava.Service.Gateway.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ListResponse<ProviderStateResponse>))]
internal sealed partial class ProviderStateJson : JsonSerializerContext;
