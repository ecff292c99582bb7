using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Service.Sandbox.Dialects;
using Microsoft.AspNetCore.WebUtilities;

namespace Lava.Service.Sandbox;

/// <summary>A request to the sandbox, and what it is to be answered with.</summary>
internal sealed class SandboxCall
{
    private const int DefaultWords = 18;
    private const int DefaultThoughts = 8;
    private const int MostChoices = 128;
    private const int TokensOfImage = 272;
    private const string IdCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly ulong _bodyHash;
    private readonly SandboxStep? _step;
    private readonly bool _thinksAloud;

    /// <summary>Reads a request.</summary>
    /// <param name="endpoint">The endpoint called.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="url">The absolute address.</param>
    /// <param name="model">The model that the gateway found; empty for none.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="header">The header <c>x-sandbox</c>; null without one.</param>
    /// <param name="now">The time for <c>created</c> members.</param>
    /// <param name="thinksAloud">Whether the model shows what it thinks unless it is told not to think.</param>
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
        DateTimeOffset now,
        bool thinksAloud = false)
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
        var offered = endpoint.Kind == EndpointKind.Chat ? SandboxTool.Offered(Json) : [];

        // Without tools a request is beside the loop, such as an agent's question for a title.
        if (Prompt.ScriptText is { } text && offered.Count > 0 && SandboxTool.MayBeCalled(Json))
        {
            var script = SandboxScript.Read(text);
            Fault = script.Fault;
            _step = script.Next(Prompt.CallsSinceScript);
        }

        Directives = SandboxDirectives.Read(header, Prompt.LastUserText, Model, _step?.Directives);
        IsStream = endpoint.Streams || Flag("stream") || Form?["stream"] == "true";
        var given = _step?.Text ?? (endpoint.Kind == EndpointKind.Chat ? SandboxOutput.Of(endpoint.Format, Json) : null);
        Words = new SandboxText(Model, Prompt.LastUserText, given);
        _bodyHash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(body.Span)) ^ Words.Seed;
        Choices = Math.Clamp(Whole("n") ?? (Member("generationConfig") is { } config ? Whole(config, "candidateCount") : null) ?? 1, 1, MostChoices);
        BilledChoices = Math.Clamp(Whole("best_of") ?? Choices, Choices, MostChoices);
        if (endpoint.Kind == EndpointKind.Completion) (Choices, BilledChoices) = (Choices * Prompt.Prompts, BilledChoices * Prompt.Prompts);
        Fault ??= Directives.Fault;

        CachedTokens = Directives["cached_tokens"] ?? 0;
        CacheWriteLongTokens = Directives["cache_write_1h_tokens"] ?? 0;
        CacheWriteTokens = Directives["cache_write_tokens"] ?? CacheWriteLongTokens;
        InputTokens = Directives["input_tokens"] ?? Math.Max(CountInput(), CachedTokens + CacheWriteTokens);
        _thinksAloud = thinksAloud && endpoint.Format == WireFormat.OpenAiChat && SandboxThoughts.AreAllowed(Json);
        Plan(offered);
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

    /// <summary>Answers that were made, those included that were not good enough to be returned (<c>best_of</c>).</summary>
    public long BilledChoices { get; }

    /// <summary>What the model is for; null where that is not known.</summary>
    public EndpointKind? ModelKind { get; init; }

    /// <summary>Searches that a rerank is billed as (cohere.com/pricing): a query with up to 100 documents, long ones counted for each 500 tokens.</summary>
    public long SearchUnits => Directives["search_units"] ?? Math.Max(1, (Prompt.Pieces + 99) / 100);

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

    /// <summary>The tools that are called together; none where the answer is text alone.</summary>
    public IReadOnlyList<SandboxToolCall> Calls { get; private set; } = [];

    /// <summary>Whether the answer has text: alone, or before its calls.</summary>
    public bool HasText => Calls.Count == 0 || WordCount > 0;

    /// <summary>Whether the model's thoughts have no text unless the request asks for it.</summary>
    public bool HidesThoughts { get; init; }

    /// <summary>Whether the answer shows how it was reasoned about.</summary>
    public bool ShowsThoughts => ReasoningTokens > 0 && MayShowThoughts;

    /// <summary>Whether the answer stops at the request's limit.</summary>
    public bool IsCut { get; private set; }

    public bool HasUsage => !Directives.Has("no_usage");

    /// <summary>Seconds of audio.</summary>
    public decimal Seconds => Directives.Seconds ?? 3;

    /// <summary>Images of the answer.</summary>
    public long Images => Directives["images"] ?? Math.Clamp(Whole("n") ?? (long.TryParse(Form?["n"], out var n) ? n : 1), 1, 10);

    public string AnswerText => Words.First(WordCount);

    private bool MayShowThoughts => _thinksAloud || SandboxThoughts.AreAskedFor(Endpoint.Format, Json);

    /// <summary>An id in a provider's shape. The same request has the same.</summary>
    /// <param name="prefix">How such ids begin.</param>
    /// <param name="length">Characters after that.</param>
    /// <param name="index">Tells apart those that one answer has several of.</param>
    public string Id(string prefix, int length, int index = 0) => string.Create(prefix.Length + length, (prefix, _bodyHash, index), static (span, state) =>
    {
        state.prefix.CopyTo(span);
        var value = state._bodyHash + (ulong)state.index;
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

    /// <summary>A parameter of the address; null where it has none of that name.</summary>
    public string? Query(string name) => QueryHelpers.ParseQuery(Url.Query).TryGetValue(name, out var value) ? value.ToString() : null;

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

    /// <summary>Decides between tool calls and words, and how many there are.</summary>
    private void Plan(List<SandboxTool> offered)
    {
        var thinks = Directives["output_tokens"] is null && MayShowThoughts;
        ReasoningTokens = Directives["reasoning_tokens"] ?? (thinks ? DefaultThoughts : 0);
        if (Endpoint.Kind == EndpointKind.Images)
        {
            OutputTokens = Directives["output_tokens"] ?? TokensOfImage * Images;
            return;
        }

        var most = MostTokens() ?? long.MaxValue;
        if (FindCalls(offered) is { Count: > 0 } calls)
        {
            var words = _step?.Text is null ? 0 : Words.Length ?? 0;
            var tokens = Directives["output_tokens"] ?? ReasoningTokens + words + calls.Sum(call => call.Tokens);
            if (tokens <= most)
            {
                Calls = calls;
                OutputTokens = tokens;
                WordCount = words;
                return;
            }
        }

        var wanted = Directives["output_tokens"] ?? ReasoningTokens + (Words.Length ?? DefaultWords);
        IsCut = wanted > most;
        OutputTokens = Math.Min(wanted, most);
        ReasoningTokens = Math.Min(ReasoningTokens, OutputTokens);
        WordCount = Math.Min(OutputTokens - ReasoningTokens, Words.Length ?? long.MaxValue);
    }

    private List<SandboxToolCall> FindCalls(List<SandboxTool> offered)
    {
        if (_step is not null)
        {
            var calls = SandboxTool.IsOneAtATime(Json) ? _step.Calls.Take(1) : _step.Calls;
            return [.. calls.Select((call, index) => Named(offered, call.Name, "script")?.Call(index, call.Arguments, call.Input)).OfType<SandboxToolCall>()];
        }

        // A tool that has answered is not called again, or an agent's loop would never end.
        var isAsked = Directives.Tool is not null;
        var name = isAsked && !Prompt.EndsWithToolResult ? Directives.Tool : SandboxTool.Forced(Endpoint.Format, Json);
        if (name is null || Endpoint.Kind != EndpointKind.Chat) return [];
        var tool = name.Length == 0 ? offered.FirstOrDefault() : isAsked ? Named(offered, name, "directive 'tool'") : offered.Find(entry => entry.Name == name);
        if (tool is null && isAsked) Fault ??= "The sandbox directive 'tool' is given, but the request offers no tool.";
        return tool is null ? [] : [tool.Call(0)];
    }

    private SandboxTool? Named(List<SandboxTool> offered, string name, string asker)
    {
        var tool = offered.Find(entry => entry.Name == name);
        if (tool is null) Fault ??= $"The sandbox {asker} names a tool that the request does not offer: '{name}'.";
        return tool;
    }

    private long? MostTokens()
    {
        // OpenAI continues a text by 16 tokens unless it is told otherwise.
        if (Endpoint.Kind == EndpointKind.Completion) return Whole("max_tokens") is { } limit and >= 0 ? limit : 16;
        var most = Whole("max_completion_tokens") ?? Whole("max_output_tokens") ?? Whole("max_tokens");
        if (Endpoint.Format == WireFormat.Gemini && Member("generationConfig") is { } generation) most = Whole(generation, "maxOutputTokens");
        if (Endpoint.Format == WireFormat.BedrockConverse && Member("inferenceConfig") is { } inference) most = Whole(inference, "maxTokens");
        return most is < 0 ? null : most;
    }
}
