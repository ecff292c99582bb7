using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Service.Sandbox.Strictness;

namespace Lava.Service.Sandbox.Dialects;

/// <summary>Documents in order, in the shape of each provider (docs.cohere.com/reference/rerank, api.jina.ai/docs, docs.voyageai.com/reference/reranker-api).
/// The more of the query's words a document has, the better it is.</summary>
internal static class RerankAnswers
{
    public static SandboxReply Reply(SandboxCall call)
    {
        var documents = call.Json.At("documents").List().Select(Text).ToList();
        var most = call.Whole("top_n") ?? call.Whole("top_k") ?? documents.Count;
        var words = Words(call.Text("query") ?? "");
        var ranked = documents
            .Select((text, index) => (Text: text, Index: index, Score: Score(words, text)))
            .OrderByDescending(entry => entry.Score)
            .Take((int)Math.Clamp(most, 0, documents.Count));
        var results = new JsonArray();
        foreach (var (text, index, score) in ranked)
        {
            var result = new JsonObject { ["index"] = index, ["relevance_score"] = score };
            if (call.Flag("return_documents")) result["document"] = call.Dialect == SandboxDialect.Voyage ? text : new JsonObject { ["text"] = text };
            results.Add((JsonNode)result);
        }

        var usage = new JsonObject { ["total_tokens"] = call.InputTokens };
        return SandboxReply.Json(call.Dialect switch
        {
            SandboxDialect.Cohere => Cohere(call, results),
            SandboxDialect.Voyage when call.HasUsage =>
                new JsonObject { ["object"] = "list", ["data"] = results, ["model"] = call.Model, ["usage"] = usage },
            SandboxDialect.Voyage => new JsonObject { ["object"] = "list", ["data"] = results, ["model"] = call.Model },
            _ when call.HasUsage => new JsonObject { ["model"] = call.Model, ["object"] = "list", ["usage"] = usage, ["results"] = results },
            _ => new JsonObject { ["model"] = call.Model, ["object"] = "list", ["results"] = results },
        });
    }

    /// <summary>The text of a document, which may be an object around it.</summary>
    public static string Text(JsonElement document) => document.Word() ?? document.At("text").Word() ?? "";

    private static JsonObject Cohere(SandboxCall call, JsonArray results)
    {
        var meta = new JsonObject { ["api_version"] = new JsonObject { ["version"] = "2" } };
        if (call.HasUsage) meta["billed_units"] = new JsonObject { ["search_units"] = call.SearchUnits };
        return new JsonObject { ["id"] = call.Id("", 36), ["results"] = results, ["meta"] = meta };
    }

    private static double Score(HashSet<string> query, string text) =>
        query.Count == 0 ? 0 : Math.Round((double)Words(text).Count(query.Contains) / query.Count, 6);

    private static HashSet<string> Words(string text) =>
        [.. text.ToUpperInvariant().Split([' ', '.', ',', '?', '!'], StringSplitOptions.RemoveEmptyEntries)];
}
