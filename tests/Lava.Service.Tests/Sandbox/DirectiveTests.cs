using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

public sealed class DirectiveTests : IDisposable
{
    public static readonly TheoryData<string, string> Faults = new()
    {
        { "colour=red", "colour" },
        { "output_tokens", "output_tokens" },
        { "output_tokens=", "output_tokens" },
        { "output_tokens=-1", "output_tokens" },
        { "output_tokens=1.5", "output_tokens" },
        { "output_tokens=100001", "output_tokens" },
        { "input_tokens=10000001", "input_tokens" },
        { "chunk_bytes=0", "chunk_bytes" },
        { "delay_ms=600001", "delay_ms" },
        { "status=200", "status" },
        { "status=600", "status" },
        { "seconds=1e3", "seconds" },
        { "seconds=-1", "seconds" },
        { "images=11", "images" },
        { "refuse=2", "refuse" },
        { "tool=", "tool" },
        { "tool=unknown", "tool" },
        { "input_tokens=5; cached_tokens=6", "cached_tokens" },
        { "cache_write_tokens=1; cache_write_1h_tokens=2", "cache_write_1h_tokens" },
        { "output_tokens=1; reasoning_tokens=2", "reasoning_tokens" },
        { "gzip; br", "gzip" },
    };

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_directive_that_is_unknown_or_malformed_is_a_400_that_names_it(string directives, string named)
    {
        foreach (var inText in new[] { false, true })
        {
            using var answer = await _client.SendAsync(
                SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, inText ? $"Hi [sandbox: {directives}]" : "Hi"), inText ? null : directives);

            ((int)answer.StatusCode).ShouldBe(400);
            var error = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("error");
            error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
            error.GetProperty("message").GetString()!.ShouldContain($"'{named}'");
        }
    }

    [Fact]
    public async Task A_marker_that_is_not_closed_is_a_400()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi [sandbox: output_tokens=5"));

        ((int)answer.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task Only_what_the_user_wrote_last_is_looked_at()
    {
        const string Body = """
            {"model":"m","messages":[{"role":"system","content":"[sandbox: status=500]"},{"role":"user","content":"[sandbox: status=501]"},{"role":"assistant","content":"[sandbox: status=502]"},
             {"role":"user","content":[{"type":"text","text":"Say it. [sandbox: output_tokens=6] Now."}]}]}
            """;

        (await _client.JsonAsync(SandboxClient.Chat, Body)).GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(6);
    }

    [Fact]
    public async Task The_header_wins_over_the_text_and_adds_to_it()
    {
        var usage = (await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "[sandbox: output_tokens=6; input_tokens=70]"), "output_tokens=7")).GetProperty("usage");

        usage.GetProperty("completion_tokens").GetInt64().ShouldBe(7);
        usage.GetProperty("prompt_tokens").GetInt64().ShouldBe(70);
    }

    [Theory]
    [InlineData("/v1/embeddings", EndpointKind.Embeddings, WireFormat.OpenAiMedia, """{"model":"m","input":["a","b [sandbox: status=418]"]}""")]
    [InlineData("/v1/audio/speech", EndpointKind.Speech, WireFormat.OpenAiMedia, """{"model":"m","input":"[sandbox: status=418]"}""")]
    [InlineData("/v1/images/generations", EndpointKind.Images, WireFormat.OpenAiMedia, """{"model":"m","prompt":"[sandbox: status=418]"}""")]
    [InlineData("/v1/text-to-speech/{id}", EndpointKind.Speech, WireFormat.ElevenLabs, """{"text":"[sandbox: status=418]"}""")]
    [InlineData("/v1/responses", EndpointKind.Chat, WireFormat.OpenAiResponses, """{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"[sandbox: status=418]"}]}]}""")]
    [InlineData("/v1beta/models/{model}:embedContent", EndpointKind.Embeddings, WireFormat.Gemini, """{"content":{"parts":[{"text":"[sandbox: status=418]"}]}}""")]
    [InlineData("/v1beta/models/{model}:generateContent", EndpointKind.Chat, WireFormat.Gemini, """{"contents":[{"parts":[{"text":"[sandbox: status=418]"}]}]}""")]
    [InlineData("/model/{model}/converse", EndpointKind.Chat, WireFormat.BedrockConverse, """{"messages":[{"role":"user","content":[{"text":"[sandbox: status=418]"}]}]}""")]
    public async Task Directives_are_found_wherever_a_user_writes(string path, EndpointKind kind, WireFormat format, string body)
    {
        using var answer = await _client.SendAsync(SandboxClient.Endpoint(path, kind, format), body);

        ((int)answer.StatusCode).ShouldBe(418);
    }

    [Theory]
    [InlineData(WireFormat.OpenAiChat, 429, """{"error":{"message":"The sandbox was asked to answer 429.","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}}""")]
    [InlineData(WireFormat.OpenAiChat, 503, """{"error":{"message":"The sandbox was asked to answer 503.","type":"server_error","param":null,"code":null}}""")]
    [InlineData(WireFormat.Anthropic, 529, """{"type":"error","error":{"type":"overloaded_error","message":"The sandbox was asked to answer 529."},"request_id":"req_011sandbox"}""")]
    [InlineData(WireFormat.Gemini, 429, """{"error":{"code":429,"message":"The sandbox was asked to answer 429.","status":"RESOURCE_EXHAUSTED"}}""")]
    [InlineData(WireFormat.BedrockConverse, 500, """{"message":"The sandbox was asked to answer 500."}""")]
    [InlineData(WireFormat.ElevenLabs, 401, """{"detail":{"status":"invalid_api_key","message":"The sandbox was asked to answer 401."}}""")]
    public async Task An_error_has_the_providers_own_shape(WireFormat format, int status, string expected)
    {
        var endpoint = SandboxClient.Endpoint("/x", format == WireFormat.ElevenLabs ? EndpointKind.Speech : EndpointKind.Chat, format);
        using var answer = await _client.SendAsync(endpoint, "{}", $"status={status}");

        ((int)answer.StatusCode).ShouldBe(status);
        Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()).ShouldBe(expected);
        answer.Headers.Contains("retry-after").ShouldBe(status == 429);
    }

    [Theory]
    [InlineData("{\"messages\":")]
    [InlineData("")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}")]
    public async Task A_body_that_is_no_JSON_is_a_400(string body)
    {
        using var answer = await _client.SendAsync(SandboxClient.Messages, body);

        ((int)answer.StatusCode).ShouldBe(400);
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"model":5,"messages":{"a":1},"tools":7,"tool_choice":[],"n":"x","max_tokens":"y","stream_options":3}""")]
    [InlineData("""{"messages":[null,1,"text",[],{"role":3,"content":[null,5,[]]},{"parts":{}}],"system":[[]],"toolConfig":[],"generationConfig":[]}""")]
    [InlineData("""{"contents":[{"parts":[{"text":5,"inlineData":null}]}],"input":{"role":null},"requests":[3,{"content":[]}],"inferenceConfig":7}""")]
    public async Task Members_of_unexpected_types_do_no_harm(string body)
    {
        foreach (var endpoint in new[] { SandboxClient.Chat, SandboxClient.Responses, SandboxClient.Messages, SandboxClient.Generate, SandboxClient.Converse, SandboxClient.StreamGenerate })
        {
            using var answer = await _client.SendAsync(endpoint, body, "lenient");
            ((int)answer.StatusCode).ShouldBe(200);
            (await answer.Content.ReadAsByteArrayAsync()).ShouldNotBeEmpty();
            using var strict = await _client.SendAsync(endpoint, body);
            ((int)strict.StatusCode).ShouldBe(400);
        }

        foreach (var kind in new[] { EndpointKind.Embeddings, EndpointKind.Speech, EndpointKind.Images, EndpointKind.CountTokens })
        {
            using var answer = await _client.SendAsync(SandboxClient.Endpoint("/x", kind, WireFormat.Gemini), body);
            ((int)answer.StatusCode).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Usage_is_left_out_where_asked()
    {
        foreach (var endpoint in new[] { SandboxClient.Chat, SandboxClient.Messages, SandboxClient.Generate, SandboxClient.Converse, SandboxClient.StreamGenerate })
        {
            var answer = Encoding.UTF8.GetString(await _client.BytesAsync(endpoint, SandboxClient.Body(endpoint, "Hi"), "no_usage"));
            answer.ShouldNotContain("\"usage");
            answer.ShouldNotContain("okens\"");
        }

        (await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", ",\"stream\":true"), "no_usage"))[..^1]
            .Count(entry => JsonElement.Parse(entry.Data).TryGetProperty("usage", out _)).ShouldBe(0);
        (await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi"), "no_usage")).GetProperty("usage").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
