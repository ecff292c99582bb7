using System.Text.Json.Serialization;
using Lava.Service.Api.Lists;

namespace Lava.Service.Api.AuditLogs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(AuditEntry))]
[JsonSerializable(typeof(ListResponse<AuditEntryResponse>))]
internal sealed partial class AuditLogJson : JsonSerializerContext;
