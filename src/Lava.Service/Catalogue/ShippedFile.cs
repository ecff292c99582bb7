using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Catalogue;

/// <summary>A shipped file of the catalogue: the provider is read at the start, its models when they are first asked for. Reading them all at every start
/// took longer than all else of it.</summary>
internal sealed class ShippedFile
{
    /// <summary>No name in the files is longer.</summary>
    public const int LongestName = 100;

    private readonly ReadOnlyMemory<byte> _models;
    private readonly ToolPrices? _tools;

    private ShippedFile(ReadOnlyMemory<byte> models, ToolPrices? tools) => (_models, _tools) = (models, tools);

    /// <summary>Reads a file.</summary>
    /// <exception cref="JsonException">It is wrong.</exception>
    public static CatalogueProvider Read(byte[] json)
    {
        var (start, end) = FindModels(json);
        byte[] head = [.. json.AsSpan(0, start), .. "[]"u8, .. json.AsSpan(end)];
        var provider = JsonSerializer.Deserialize(head, CatalogueJson.Default.CatalogueProvider) ?? throw new JsonException("It is null.");
        var file = new ShippedFile(json.AsMemory(start, end - start), provider.Tools);
        return provider with { Models = new LazyModels(file.ReadModels, file.MayHave) };
    }

    /// <summary>A chat model that names no prices of its provider's tools has those of its provider.</summary>
    public static CatalogueModel WithTools(CatalogueModel model, ToolPrices? tools) =>
        tools is not null && model.Kind == EndpointKind.Chat && model.Price.Tools is null ? model with { Price = model.Price with { Tools = tools } } : model;

    private static (int Start, int End) FindModels(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModels = reader.ValueTextEquals("models"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isModels) return (start, (int)reader.BytesConsumed);
        }

        throw new JsonException("It has no models.");
    }

    private CatalogueModel[] ReadModels()
    {
        var models = JsonSerializer.Deserialize(_models.Span, CatalogueJson.Default.CatalogueModelArray) ?? [];
        for (var i = 0; i < models.Length; i++) models[i] = WithTools(models[i], _tools);
        return models;
    }

    private bool MayHave(string name)
    {
        if (name.Length > LongestName) return false;
        Span<byte> quoted = stackalloc byte[(LongestName * 3) + 2];
        quoted[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(name, quoted[1..]) + 1;
        quoted[length] = (byte)'"';
        return _models.Span.IndexOf(quoted[..(length + 1)]) >= 0;
    }
}
