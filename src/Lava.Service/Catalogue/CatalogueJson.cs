using System.Text.Json;
using System.Text.Json.Serialization;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>The catalogue's files: snake_case, and an unknown or repeated member is a fault, because it is a price misspelt.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    Converters = [typeof(FormatConverter), typeof(KindConverter), typeof(AuthConverter), typeof(ReportedConverter)])]
[JsonSerializable(typeof(CatalogueProvider))]
[JsonSerializable(typeof(CatalogueModel[]))]
[JsonSerializable(typeof(CatalogueOverrides))]
internal sealed partial class CatalogueJson : JsonSerializerContext
{
    internal sealed class FormatConverter() : JsonStringEnumConverter<WireFormat>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

    internal sealed class KindConverter() : JsonStringEnumConverter<EndpointKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

    internal sealed class ReportedConverter() : JsonStringEnumConverter<ReportedCosts>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);

    internal sealed class AuthConverter() : JsonStringEnumConverter<AuthStyle>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
