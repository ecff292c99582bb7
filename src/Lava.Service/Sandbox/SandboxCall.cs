using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Sandbox;

/// <summary>A request to the sandbox, and what it is to be answered with.</summary>
internal sealed class SandboxCall
{
    /// <summary>Words of the sandbox's own: an answer repeats them as often as it needs.</summary>
    private static readonly string[] Words =
        ["Lava", "forwards", "every", "call,", "measures", "what", "it", "used,", "prices", "it", "by", "a", "meter", "and", "charges", "it", "exactly", "once."];

    private const int DefaultOutputTokens = 18;
    private const int TextLimit = 64 * 1024;

    public SandboxCall(ProviderEndpoint endpoint, string model, string url, ReadOnlyMemory<byte> body, string? contentType, string? header)
    {
        Endpoint = endpoint;
        Url = url;
        Json = Parse(body, contentType);
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, TextLimit)]);
        Directives = SandboxDirectives.Read(header, text);
        Model = model.Length > 0 ? model : Text("model") ?? Text("model_id") ?? "sandbox";
        IsStream = endpoint.Streams || (Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("stream", out var flag) && flag.ValueKind == JsonValueKind.True);
        InputTokens = Directives["input_tokens"] ?? Math.Max(1, (body.Length + 3) / 4);
        CachedTokens = Math.Min(Directives["cached_tokens"] ?? 0, InputTokens);
        CacheWriteTokens = Math.Min(Directives["cache_write_tokens"] ?? 0, InputTokens - CachedTokens);
        CacheWriteLongTokens = Math.Min(Directives["cache_write_1h_tokens"] ?? 0, CacheWriteTokens);
        var wanted = Directives["output_tokens"] ?? DefaultOutputTokens;
        var most = MostTokens() ?? long.MaxValue;
        IsCut = wanted > most;
        OutputTokens = Math.Min(wanted, most);
        ReasoningTokens = Math.Min(Directives["reasoning_tokens"] ?? 0, OutputTokens);
    }

    public ProviderEndpoint Endpoint { get; }

    public string Url { get; }

    public string Model { get; }

    public bool IsStream { get; }

    public SandboxDirectives Directives { get; }

    /// <summary>The body; undefined where it is no JSON.</summary>
    public JsonElement Json { get; }

    public long InputTokens { get; }

    public long CachedTokens { get; }

    public long CacheWriteTokens { get; }

    public long CacheWriteLongTokens { get; }

    /// <summary>All tokens of the answer, reasoning included.</summary>
    public long OutputTokens { get; }

    public long ReasoningTokens { get; }

    /// <summary>Whether the answer stops at the request's limit.</summary>
    public bool IsCut { get; }

    public bool HasUsage => !Directives.Has("no_usage");

    /// <summary>The words of the answer, one for each token that is not reasoning, each but the first with a space before it.</summary>
    public IEnumerable<string> Tokens()
    {
        for (var i = 0L; i < OutputTokens - ReasoningTokens; i++) yield return i == 0 ? Words[0] : " " + Words[i % Words.Length];
    }

    public string AnswerText() => string.Concat(Tokens());

    public string? Text(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public bool Has(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);

    public long? Whole(string name) => Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>The first tool that the request offers, if it is to be called; null otherwise.</summary>
    public string? ToolToCall()
    {
        if (!Directives.Has("tool") || Json.ValueKind != JsonValueKind.Object) return null;
        if (Json.TryGetProperty("toolConfig", out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty("tools", out var bedrock)) return FirstName(bedrock);
        return Json.TryGetProperty("tools", out var tools) ? FirstName(tools) : null;
    }

    private static string? FirstName(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(FirstName).FirstOrDefault(name => name is not null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        if (element.TryGetProperty("name", out var own) && own.ValueKind == JsonValueKind.String) return own.GetString();
        foreach (var inner in new[] { "function", "functionDeclarations", "toolSpec" })
        {
            if (element.TryGetProperty(inner, out var value) && FirstName(value) is { } name) return name;
        }

        return null;
    }

    private long? MostTokens()
    {
        var most = Whole("max_completion_tokens") ?? Whole("max_output_tokens") ?? Whole("max_tokens");
        if (most is not null || Json.ValueKind != JsonValueKind.Object) return most;
        foreach (var (group, member) in new[] { ("generationConfig", "maxOutputTokens"), ("inferenceConfig", "maxTokens") })
        {
            if (Json.TryGetProperty(group, out var config) && config.ValueKind == JsonValueKind.Object && config.TryGetProperty(member, out var value) && value.TryGetInt64(out var limit)) return limit;
        }

        return null;
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (body.IsEmpty || contentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true) return default;
        try
        {
            return JsonElement.Parse(body.Span);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
