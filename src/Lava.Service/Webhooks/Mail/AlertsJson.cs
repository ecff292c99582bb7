using System.Text.Json.Serialization;

namespace Lava.Service.Webhooks.Mail;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertMail))]
[JsonSerializable(typeof(AlertMailResponse))]
internal sealed partial class AlertsJson : JsonSerializerContext;
