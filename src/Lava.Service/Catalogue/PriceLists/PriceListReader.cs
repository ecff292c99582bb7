using System.Globalization;
using System.Text.Json;

namespace Lava.Service.Catalogue.PriceLists;

/// <summary>Reads public price lists: LiteLLM's <c>model_prices_and_context_window.json</c> and the API document of models.dev. Only models that are billed
/// by text tokens are read, and only providers of the catalogue.</summary>
public static class PriceListReader
{
    private const decimal Million = 1_000_000;

    /// <summary>The catalogue's providers by the names that the lists have for them, where they differ.</summary>
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["gemini"] = "google",
        ["together_ai"] = "together",
        ["togetherai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["fireworks-ai"] = "fireworks",
        ["bedrock_converse"] = "bedrock",
        ["amazon-bedrock"] = "bedrock",
        ["cohere_chat"] = "cohere",
        ["moonshotai"] = "moonshot",
        ["novita-ai"] = "novita",
        ["v0"] = "vercel",
        ["gmi"] = "gmicloud",

        // Not the catalogue's provider of that name.
        ["vercel"] = "",
    };

    /// <summary>Reads a list.</summary>
    /// <param name="json">The file.</param>
    /// <exception cref="FormatException">It is no JSON, or of neither form; the message says what is wrong.</exception>
    public static IReadOnlyList<PriceListEntry> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("It is not an object.");
            var members = document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Object).ToList();
            var entries = members.Exists(member => member.Value.TryGetProperty("litellm_provider", out _))
                ? members.Select(member => OfLiteLlm(member.Name, member.Value))
                : members.Exists(member => member.Value.TryGetProperty("models", out var models) && models.ValueKind == JsonValueKind.Object)
                    ? members.SelectMany(member => OfModelsDev(member.Name, member.Value))
                : throw new FormatException("It is not LiteLLM's list (litellm_provider) or models.dev's list (providers with models).");
            return [.. entries.OfType<PriceListEntry>().DistinctBy(entry => (entry.Provider, entry.Model))];
        }
        catch (JsonException fault)
        {
            throw new FormatException($"It is not JSON. {fault.Message}", fault);
        }
    }

    private static PriceListEntry? OfLiteLlm(string name, JsonElement model)
    {
        if (Text(model, "litellm_provider") is not { } theirs || Text(model, "mode") is not ("chat" or "completion" or "responses" or "embedding")) return null;
        if (Number(model, "input_cost_per_token") is not { } input || Id(theirs) is not { } provider) return null;

        // Names have the provider before a slash, which belongs to no name of the provider's own; Bedrock's by region are not called so.
        var slash = theirs is "bedrock_converse" ? "bedrock/" : theirs + "/";
        if (name.StartsWith(slash, StringComparison.Ordinal)) name = name[slash.Length..];
        if (provider == "bedrock" && name.Contains('/', StringComparison.Ordinal)) return null;
        var steps = new List<PriceStep>();
        foreach (var member in model.EnumerateObject())
        {
            if (Above(member.Name) is not { } above || Number(model, member.Name) is not { } longInput) continue;
            var tail = member.Name["input_cost_per_token".Length..];
            var longOutput = Number(model, "output_cost_per_token" + tail) ?? Number(model, "output_cost_per_token") ?? 0;
            steps.Add(new PriceStep(above, longInput * Million, longOutput * Million, Number(model, "cache_read_input_token_cost" + tail) * Million));
        }

        return new PriceListEntry(provider, name)
        {
            IsEmbedding = Text(model, "mode") == "embedding",
            Input = input * Million,
            Output = (Number(model, "output_cost_per_token") ?? 0) * Million,
            CacheRead = Number(model, "cache_read_input_token_cost") * Million,
            CacheWrite = Number(model, "cache_creation_input_token_cost") * Million,
            CacheWriteLong = Number(model, "cache_creation_input_token_cost_above_1hr") * Million,
            Steps = steps,
            ContextTokens = Count(model, "max_input_tokens") ?? Count(model, "max_tokens"),
            MaxOutputTokens = Count(model, "max_output_tokens"),
            Capabilities = Words(
                ("tools", Is(model, "supports_function_calling")), ("vision", Is(model, "supports_vision")),
                ("reasoning", Is(model, "supports_reasoning")), ("json_schema", Is(model, "supports_response_schema"))),
        };
    }

    private static IEnumerable<PriceListEntry?> OfModelsDev(string theirs, JsonElement list)
    {
        if (Id(theirs) is not { } provider || !list.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Object) yield break;
        foreach (var member in models.EnumerateObject())
        {
            var model = member.Value;
            if (model.ValueKind != JsonValueKind.Object || !model.TryGetProperty("cost", out var cost) || cost.ValueKind != JsonValueKind.Object) continue;
            if (Number(cost, "input") is not { } input || Number(cost, "output") is not { } output || !Gives(model, "text")) continue;
            var limit = model.TryGetProperty("limit", out var limits) && limits.ValueKind == JsonValueKind.Object ? limits : default;
            yield return new PriceListEntry(provider, member.Name)
            {
                IsEmbedding = member.Name.Contains("embed", StringComparison.OrdinalIgnoreCase),
                Input = input,
                Output = output,
                CacheRead = Number(cost, "cache_read"),
                CacheWrite = Number(cost, "cache_write"),
                Steps = Steps(cost),
                ContextTokens = Count(limit, "context"),
                MaxOutputTokens = Count(limit, "output"),
                Capabilities = Words(("tools", Is(model, "tool_call")), ("vision", Takes(model, "image")), ("reasoning", Is(model, "reasoning")),
                    ("json_schema", Is(model, "structured_output"))),
            };
        }
    }

    private static List<PriceStep> Steps(JsonElement cost)
    {
        var steps = new List<PriceStep>();
        if (cost.TryGetProperty("context_over_200k", out var over) && over.ValueKind == JsonValueKind.Object) Add(over, 200_000);
        if (cost.TryGetProperty("tiers", out var tiers) && tiers.ValueKind == JsonValueKind.Array)
        {
            foreach (var tier in tiers.EnumerateArray())
            {
                if (tier.ValueKind != JsonValueKind.Object || !tier.TryGetProperty("tier", out var at)) continue;
                if (Count(at, "size") is { } size) Add(tier, size);
            }
        }

        return steps;

        void Add(JsonElement prices, long above)
        {
            if (Number(prices, "input") is { } input && Number(prices, "output") is { } output && steps.TrueForAll(step => step.Above != above))
                steps.Add(new PriceStep(above, input, output, Number(prices, "cache_read")));
        }
    }

    /// <summary>The length in <c>input_cost_per_token_above_200k_tokens</c>; null for another name.</summary>
    private static long? Above(string name)
    {
        const string Start = "input_cost_per_token_above_", End = "k_tokens";
        return name.StartsWith(Start, StringComparison.Ordinal) && name.EndsWith(End, StringComparison.Ordinal)
            && long.TryParse(name[Start.Length..^End.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var thousands)
                ? thousands * 1_000
                : null;
    }

    private static string? Id(string theirs) => Providers.TryGetValue(theirs, out var ours) ? ours.Length > 0 ? ours : null : theirs;

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Is(JsonElement from, string name) => from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static long? Count(JsonElement from, string name) => Number(from, name) is > 0 and <= 1_000_000_000 and { } number ? (long)number : null;

    private static decimal? Number(JsonElement from, string name)
    {
        if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetDecimal(out var number)) return number >= 0 ? number : null;
        return value.TryGetDouble(out var real) && real is >= 0 and < 1e9 ? (decimal)real : null;
    }

    private static bool Gives(JsonElement model, string modality) => Has(model, "output", modality);

    private static bool Takes(JsonElement model, string modality) => Has(model, "input", modality);

    private static bool Has(JsonElement model, string side, string modality) =>
        model.TryGetProperty("modalities", out var modalities) && modalities.ValueKind == JsonValueKind.Object
        && modalities.TryGetProperty(side, out var list) && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray().Any(word => word.ValueEquals(modality));

    private static List<string> Words(params ReadOnlySpan<(string Word, bool Holds)> words)
    {
        var held = new List<string>();
        foreach (var (word, holds) in words)
        {
            if (holds) held.Add(word);
        }

        return held;
    }
}
