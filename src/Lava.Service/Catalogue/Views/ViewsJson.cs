using System.Text.Json.Serialization;

namespace Lava.Service.Catalogue.Views;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(GeminiModelList))]
[JsonSerializable(typeof(GeminiModelEntry))]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(ProviderSummary))]
[JsonSerializable(typeof(ProviderList))]
internal sealed partial class ViewsJson : JsonSerializerContext;
