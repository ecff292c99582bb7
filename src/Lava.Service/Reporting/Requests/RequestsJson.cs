using System.Text.Json.Serialization;
using Lava.Service.Api;
using Lava.Service.Api.Lists;
using Lava.Service.Reporting.Reports;

namespace Lava.Service.Reporting.Requests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(RequestResponse))]
[JsonSerializable(typeof(ListResponse<RequestResponse>))]
[JsonSerializable(typeof(RequestClaim))]
[JsonSerializable(typeof(BatchResponse))]
internal sealed partial class RequestsJson : JsonSerializerContext;
