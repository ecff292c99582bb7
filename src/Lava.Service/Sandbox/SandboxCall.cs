using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox.Dialects;

namespace Lava.Service.Sandbox;

/// <summary>A request to the sandbox, and what it is to be answered with.</summary>
internal sealed class SandboxCall
{
    private const int DefaultWords = 18;
    private const int MostChoices = 128;
    private const int TokensOfImage = 272;
    private const string IdCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly ulong _bodyHash;

    /// <summary>Reads a request.</summary>
    /// <param name="endpoint">The endpoint called.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="url">The absolute address.</param>
    /// <param name="model">The model that the gateway found; empty for none.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="header">The header <c>x-sandbox</c>; null without one.</param>
    /// <param name="now">The time for <c>created</c> members.</param>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    /// <exception cref="InvalidOperationException">A text of the body is no Unicode.</exception>
    public SandboxCall(
        ProviderEndpoint endpoint,
        HttpMethod method,
        Uri url,
        string model,
        ReadOnlyMemory<byte> body,
        string? contentType,
        string? header,
        DateTimeOffset now)
    {
        Endpoint = endpoint;
        Method = method;
        Url = url;
        Created = now.ToUnixTimeSeconds();
        Dialect = SandboxDialects.Of(endpoint.Format, url);
        Form = MultipartForm.Read(body, contentType);
        if (Form is null && endpoint.Kind is not (EndpointKind.Metadata or EndpointKind.Api) && (method == HttpMethod.Post || body.Length > 0))
            Json = JsonElement.Parse(body.Span);
        Prompt = Form is null ? SandboxPrompt.Read(endpoint.Format, endpoint.Kind, Json) : SandboxPrompt.OfText(Form["prompt"] ?? "");
        Model = model.Length > 0 ? model : Text("model") ?? Text("model_id") ?? "sandbox";
        Directives = SandboxDirectives.Read(header, Prompt.LastUserText, Model);
        IsStream = endpoint.Streams || Flag("stream") || Form?["stream"] == "true";
        Words = new SandboxText(Model, Prompt.LastUserText, endpoint.Kind == EndpointKind.Chat ? SandboxOutput.Of(endpoint.Format, Json) : null);
        _bodyHash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(body.Span)) ^ Words.Seed;
        Choices = Math.Clamp(Whole("n") ?? (Member("generationConfig") is { } config ? Whole(config, "candidateCount") : null) ?? 1, 1, MostChoices);
        Fault = Directives.Fault;

        CachedTokens = Directives["cached_tokens"] ?? 0;
        CacheWriteLongTokens = Directives["cache_write_1h_tokens"] ?? 0;
        CacheWriteTokens = Directives["cache_write_tokens"] ?? CacheWriteLongTokens;
        InputTokens = Directives["input_tokens"] ?? Math.Max(CountInput(), CachedTokens + CacheWriteTokens);
        Plan();
    }

    public ProviderEndpoint Endpoint { get; }

    public HttpMethod Method { get; }

    public Uri Url { get; }

    public SandboxDialect Dialect { get; }

    /// <summary>When the answer is made, in seconds since 1970.</summary>
    public long Created { get; }

    public string Model { get; }

    public bool IsStream { get; }

    public SandboxDirectives Directives { get; }

    /// <summary>What is wrong with what the request asks of the sandbox; null if nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The body; undefined where it is no JSON.</summary>
    public JsonElement Json { get; }

    /// <summary>The fields of a form; null where the body is none.</summary>
    public MultipartForm? Form { get; }

    public SandboxPrompt Prompt { get; }

    public SandboxText Words { get; }

    /// <summary>Answers asked for with <c>n</c> or <c>candidateCount</c>; a format without them gives one.</summary>
    public long Choices { get; }

    /// <summary>All tokens of the prompt, cached ones included.</summary>
    public long InputTokens { get; }

    public long CachedTokens { get; }

    /// <summary>All tokens written to a cache, for however long.</summary>
    public long CacheWriteTokens { get; }

    public long CacheWriteLongTokens { get; }

    /// <summary>All tokens of one choice, reasoning included.</summary>
    public long OutputTokens { get; private set; }

    public long ReasoningTokens { get; private set; }

    /// <summary>Words of the answer.</summary>
    public long WordCount { get; private set; }

    /// <summary>The tool that is called; null where the answer is text.</summary>
    public SandboxTool? Tool { get; private set; }

    /// <summary>Whether the answer stops at the request's limit.</summary>
    public bool IsCut { get; private set; }

    public bool HasUsage => !Directives.Has("no_usage");

    /// <summary>Seconds of audio.</summary>
    public decimal Seconds => Directives.Seconds ?? 3;

    /// <summary>Images of the answer.</summary>
    public long Images => Directives["images"] ?? Math.Clamp(Whole("n") ?? (long.TryParse(Form?["n"], out var n) ? n : 1), 1, 10);

    public string AnswerText => Words.First(WordCount);

    /// <summary>An id in a provider's shape. The same request has the same.</summary>
    /// <param name="prefix">How such ids begin.</param>
    /// <param name="length">Characters after that.</param>
    public string Id(string prefix, int length) => string.Create(prefix.Length + length, (prefix, _bodyHash), static (span, state) =>
    {
        state.prefix.CopyTo(span);
        var value = state._bodyHash;
        for (var i = state.prefix.Length; i < span.Length; i++)
        {
            value = (value * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            span[i] = IdCharacters[(int)((value >> 33) % (ulong)IdCharacters.Length)];
        }
    });

    public string? Text(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public long? Whole(string name) => Json.ValueKind == JsonValueKind.Object ? Whole(Json, name) : null;

    public bool Flag(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A member that is an object; null otherwise.</summary>
    public JsonElement? Member(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static long? Whole(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Transcriptions by token count ten tokens a second, as OpenAI's do; everything else its prompt.</summary>
    private long CountInput() => Endpoint.Kind == EndpointKind.Transcription ? (long)decimal.Ceiling(Seconds * 10) + Prompt.Tokens : Prompt.Tokens;

    /// <summary>Decides between a tool call and words, and how many there are.</summary>
    private void Plan()
    {
        ReasoningTokens = Directives["reasoning_tokens"] ?? 0;
        if (Endpoint.Kind == EndpointKind.Images)
        {
            OutputTokens = Directives["output_tokens"] ?? TokensOfImage * Images;
            return;
        }

        var most = MostTokens() ?? long.MaxValue;
        if (Endpoint.Kind == EndpointKind.Chat && FindTool() is { } tool)
        {
            var tokens = Directives["output_tokens"] ?? ReasoningTokens + 1 + tool.Pieces().LongCount();
            if (tokens <= most)
            {
                Tool = tool;
                OutputTokens = tokens;
                return;
            }
        }

        var wanted = Directives["output_tokens"] ?? ReasoningTokens + (Words.Length ?? DefaultWords);
        IsCut = wanted > most;
        OutputTokens = Math.Min(wanted, most);
        ReasoningTokens = Math.Min(ReasoningTokens, OutputTokens);
        WordCount = Math.Min(OutputTokens - ReasoningTokens, Words.Length ?? long.MaxValue);
    }

    private SandboxTool? FindTool()
    {
        // A tool that has answered is not called again, or an agent's loop would never end.
        var isAsked = Directives.Tool is not null;
        var name = isAsked && !Prompt.EndsWithToolResult ? Directives.Tool : SandboxTool.Forced(Endpoint.Format, Json);
        if (name is null) return null;
        var offered = SandboxTool.Offered(Json);
        var tool = name.Length == 0 ? offered.FirstOrDefault() : offered.FirstOrDefault(entry => entry.Name == name);
        if (tool is null && isAsked) Fault ??= $"The sandbox directive 'tool' names a tool that the request does not offer: '{name}'.";
        return tool;
    }

    private long? MostTokens()
    {
        var most = Whole("max_completion_tokens") ?? Whole("max_output_tokens") ?? Whole("max_tokens");
        if (Endpoint.Format == WireFormat.Gemini && Member("generationConfig") is { } generation) most = Whole(generation, "maxOutputTokens");
        if (Endpoint.Format == WireFormat.BedrockConverse && Member("inferenceConfig") is { } inference) most = Whole(inference, "maxTokens");
        return most is < 0 ? null : most;
    }
}
