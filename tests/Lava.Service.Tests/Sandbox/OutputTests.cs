using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

/// <summary>Answers that a request wants as JSON.</summary>
public sealed class OutputTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":2}},"required":["city","days"]}""";
    private const string GeminiSchema = """{"type":"OBJECT","properties":{"city":{"type":"STRING"},"days":{"type":"INTEGER","minimum":2}},"required":["city","days"]}""";
    private const string Json = """{"city":"sandbox","days":2}""";

    private readonly SandboxClient _client = new();

    [Fact]
    public async Task A_schema_is_answered_with_the_smallest_value_in_every_format_that_has_one()
    {
        (await AskAsync(SandboxClient.Chat, $$$"""{"type":"json_schema","json_schema":{"name":"w","schema":{{{Schema}}}}}""")).ShouldBe(Json);
        (await AskAsync(SandboxClient.Chat, """{"type":"json_object"}""")).ShouldBe("{}");
        (await AskAsync(SandboxClient.Chat, """{"type":"text"}""")).ShouldStartWith("The sandbox");
        var responses = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", $$$""","text":{"format":{"type":"json_schema","name":"w","schema":{{{Schema}}}}}"""));
        responses.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(Json);
        var message = await _client.JsonAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", $$$""","output_config":{"format":{"type":"json_schema","schema":{{{Schema}}}}}"""));
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(Json);
        var gemini = await _client.JsonAsync(SandboxClient.Generate, SandboxClient.Body(SandboxClient.Generate, "Hi", $$$""","generationConfig":{"responseMimeType":"application/json","responseSchema":{{{GeminiSchema}}}}"""));
        gemini.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe(Json);
    }

    [Fact]
    public async Task A_stream_says_the_JSON_in_pieces_and_counts_them()
    {
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", $$$""","stream":true,"stream_options":{"include_usage":true},"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{{{Schema}}}}}"""));
        var chunks = events.Select(entry => entry.Data).Where(data => data != "[DONE]").Select(data => JsonElement.Parse(data)).ToList();
        var text = new StringBuilder();
        foreach (var chunk in chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()))
            if (chunk.GetProperty("delta").TryGetProperty("content", out var piece)) text.Append(piece.GetString());
        text.ToString().ShouldBe(Json);
        chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe((Json.Length + 3) / 4);
    }

    [Fact]
    public async Task The_requests_limit_cuts_the_JSON_as_a_provider_would()
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", $$$""","max_tokens":2,"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{{{Schema}}}}}"""));
        var choice = body.GetProperty("choices")[0];
        (choice.GetProperty("message").GetProperty("content").GetString(), choice.GetProperty("finish_reason").GetString()).ShouldBe((Json[..8], "length"));
    }

    private async Task<string> AskAsync(ProviderEndpoint endpoint, string format) =>
        (await _client.JsonAsync(endpoint, SandboxClient.Body(endpoint, "Hi, in JSON", $$""","response_format":{{format}}"""))).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
