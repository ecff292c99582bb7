using System.Buffers;
using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Core.Tests.Translation;

/// <summary>Runs translations and shows what came out.</summary>
public static class Run
{
    public const string Model = "some-model";

    public static readonly WireFormat[] Formats = [WireFormat.OpenAiChat, WireFormat.OpenAiResponses, WireFormat.Anthropic, WireFormat.Gemini, WireFormat.BedrockConverse];

    public static IEnumerable<(WireFormat Client, WireFormat Provider)> Pairs =>
        from client in Formats from provider in Formats where client != provider select (client, provider);

    public static TranslationOptions Options { get; } = new() { AnswerId = "A1", CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), PathModel = null, AsEvents = true };

    /// <summary>Options as the client's path gives them.</summary>
    public static TranslationOptions OptionsOf(WireFormat client, bool stream = false) =>
        client is WireFormat.Gemini or WireFormat.BedrockConverse ? Options with { PathModel = Model, PathStreams = stream } : Options;

    public static (TranslatedRequest? Request, TranslationIssue? Issue) Try(WireFormat client, WireFormat provider, string body, TranslationOptions? options = null)
    {
        Translator.For(client, provider)!.TryTranslate(Encoding.UTF8.GetBytes(body), options ?? OptionsOf(client), out var request, out var issue);
        return (request, issue);
    }

    public static TranslatedRequest Request(WireFormat client, WireFormat provider, string body, TranslationOptions? options = null)
    {
        var (request, issue) = Try(client, provider, body, options);
        issue.ShouldBeNull($"{client} to {provider}: {issue?.Message}");
        return request.ShouldNotBeNull();
    }

    /// <summary>The provider's request as compact JSON.</summary>
    public static JsonElement Body(WireFormat client, WireFormat provider, string body, TranslationOptions? options = null) =>
        JsonElement.Parse(Request(client, provider, body, options).Body.Span);

    public static string Text(JsonElement element) => JsonSerializer.Serialize(element, Compact);

    /// <summary>The refusal of a request.</summary>
    public static TranslationIssue Refusal(WireFormat client, WireFormat provider, string body)
    {
        var (request, issue) = Try(client, provider, body);
        request.ShouldBeNull();
        return issue.ShouldNotBeNull();
    }

    /// <summary>A plain request of a client, for the sake of its answer.</summary>
    public static TranslatedRequest Plain(WireFormat client, WireFormat provider, bool stream = false, bool includeUsage = true)
    {
        var body = client switch
        {
            WireFormat.OpenAiChat => $$$"""{"model":"some-model","messages":[{"role":"user","content":"Hi"}],"stream":{{{(stream ? "true" : "false")}}},"stream_options":{"include_usage":{{{(includeUsage ? "true" : "false")}}}}}""",
            WireFormat.OpenAiResponses => $$"""{"model":"some-model","input":"Hi","stream":{{(stream ? "true" : "false")}}}""",
            WireFormat.Anthropic => $$"""{"model":"some-model","max_tokens":100,"messages":[{"role":"user","content":"Hi"}],"stream":{{(stream ? "true" : "false")}}}""",
            WireFormat.Gemini => """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""",
            _ => """{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""",
        };
        return Request(client, provider, body, OptionsOf(client, stream));
    }

    /// <summary>The client's body of a provider's answer.</summary>
    public static JsonElement Answer(TranslatedRequest request, string answer)
    {
        var output = new ArrayBufferWriter<byte>();
        request.TryTranslateAnswer(Encoding.UTF8.GetBytes(answer), output, out var issue).ShouldBeTrue(issue?.Message);
        return JsonElement.Parse(output.WrittenSpan);
    }

    /// <summary>The client's stream of a provider's, cut where it is told.</summary>
    public static byte[] Stream(TranslatedRequest request, ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> cuts)
    {
        var output = new ArrayBufferWriter<byte>();
        using var stream = request.OpenStream();
        var from = 0;
        foreach (var cut in cuts)
        {
            stream.Push(bytes[from..cut], output);
            from = cut;
        }

        stream.Push(bytes[from..], output);
        stream.Complete(output);
        stream.IsComplete.ShouldBeTrue();
        return output.WrittenSpan.ToArray();
    }

    public static string Error(WireFormat client, WireFormat provider, int status, string body)
    {
        var output = new ArrayBufferWriter<byte>();
        Translator.For(client, provider)!.TranslateError(status, Encoding.UTF8.GetBytes(body), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
