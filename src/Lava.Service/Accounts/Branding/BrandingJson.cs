using System.Text.Json.Serialization;

namespace Lava.Service.Accounts.Branding;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BrandingSettings))]
[JsonSerializable(typeof(BrandingResponse))]
internal sealed partial class BrandingJson : JsonSerializerContext;
