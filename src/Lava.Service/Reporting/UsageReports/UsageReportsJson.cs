using System.Text.Json.Serialization;

namespace Lava.Service.Reporting.UsageReports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UsageResponse))]
internal sealed partial class UsageReportsJson : JsonSerializerContext;
