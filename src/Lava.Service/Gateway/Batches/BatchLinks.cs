using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lava.Service.Gateway.Batches;

/// <summary>Leads the links to a batch's results through Lava. Anthropic's clients follow <c>results_url</c> as it stands: they would send their Lava key to
/// Anthropic, and the results would not be metered.</summary>
internal static class BatchLinks
{
    private const string Link = "results_url";

    /// <summary>Writes an answer with other links; false where it is no JSON object.</summary>
    /// <param name="answer">A batch, or a list of batches in <c>data</c>.</param>
    /// <param name="provider">The provider's address, without a path.</param>
    /// <param name="lava">What stands in its place.</param>
    /// <param name="output">Receives the answer.</param>
    public static bool TryApply(ReadOnlyMemory<byte> answer, string provider, string lava, IBufferWriter<byte> output)
    {
        JsonObject? root;
        try
        {
            root = JsonNode.Parse(answer.Span, documentOptions: new JsonDocumentOptions { MaxDepth = 32 }) as JsonObject;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return false;
        }

        if (root is null) return false;
        Lead(root, provider, lava);
        if (root["data"] is JsonArray list)
        {
            foreach (var batch in list.OfType<JsonObject>()) Lead(batch, provider, lava);
        }

        using var writer = new Utf8JsonWriter(output);
        root.WriteTo(writer);
        return true;
    }

    private static void Lead(JsonObject batch, string provider, string lava)
    {
        if (batch[Link] is JsonValue value && value.TryGetValue<string>(out var link) && link.StartsWith(provider + "/", StringComparison.OrdinalIgnoreCase))
            batch[Link] = lava + link[provider.Length..];
    }
}
