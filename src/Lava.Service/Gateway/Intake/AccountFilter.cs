using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Core.Catalogue;

namespace Lava.Service.Gateway.Intake;

/// <summary>Takes out of a list that a provider answers for the operator's key what is the operator's alone: models that the catalogue does not have
/// (fine-tuned ones, whose names tell of their owner) and voices that are not everybody's.</summary>
internal static class AccountFilter
{
    private static readonly string[] Lists = ["data", "models", "voices"];

    /// <summary>Writes what everybody may see of an answer; false where it is no such list, or nothing but the operator's.</summary>
    /// <param name="answer">The provider's answer.</param>
    /// <param name="catalogue">Knows the models.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="output">Receives the rest.</param>
    public static bool TryApply(ReadOnlyMemory<byte> answer, ProviderCatalogue catalogue, CatalogueProvider provider, IBufferWriter<byte> output)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(answer.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return false;
        }

        var lists = root switch
        {
            JsonArray array => [array],
            JsonObject value => Lists.Select(name => value[name]).OfType<JsonArray>().ToList(),
            _ => new List<JsonArray>(),
        };
        foreach (var list in lists)
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                if (!IsPublic(list[i], catalogue, provider)) list.RemoveAt(i);
            }
        }

        if (lists.Count == 0 && !IsPublic(root, catalogue, provider)) return false;
        using var writer = new Utf8JsonWriter(output);
        root!.WriteTo(writer);
        return true;
    }

    private static bool IsPublic(JsonNode? item, ProviderCatalogue catalogue, CatalogueProvider provider)
    {
        if (item is not JsonObject value) return false;
        if (value.ContainsKey("voice_id")) return Text(value, "category") == "premade";
        return (Text(value, "id") ?? Text(value, "model_id") ?? Text(value, "name")) is { } name && catalogue.FindModel(provider, name) is not null;
    }

    private static string? Text(JsonObject value, string name) => value[name] is JsonValue text && text.TryGetValue<string>(out var found) ? found : null;
}
