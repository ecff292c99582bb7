using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

public sealed class GeminiTests : IDisposable
{
    private const string Tools = ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"weather\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":{\"days\":{\"type\":\"INTEGER\"}},\"required\":[\"days\"]}}]}]";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Thoughts_are_counted_beside_candidates()
    {
        var body = await _client.JsonAsync(SandboxClient.Generate, SandboxClient.Body(SandboxClient.Generate, "Hi"), "input_tokens=40; output_tokens=9; cached_tokens=10; reasoning_tokens=4");

        var candidate = body.GetProperty("candidates")[0];
        candidate.GetProperty("finishReason").GetString().ShouldBe("STOP");
        candidate.GetProperty("content").GetProperty("role").GetString().ShouldBe("model");
        candidate.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!.Split(' ').Length.ShouldBe(5);
        var usage = body.GetProperty("usageMetadata");
        Counts(usage).ShouldBe((40, 5, 49, 10, 4));
    }

    [Theory]
    [InlineData("?alt=sse")]
    [InlineData("")]
    public async Task A_stream_counts_up_and_its_last_chunk_has_it_all(string query)
    {
        var url = SandboxClient.Url(SandboxClient.StreamGenerate).Replace("?alt=sse", query, StringComparison.Ordinal);
        var bytes = await _client.BytesAsync(SandboxClient.StreamGenerate, SandboxClient.Body(SandboxClient.StreamGenerate, "Hi"), "input_tokens=40; output_tokens=9; cached_tokens=10; reasoning_tokens=4", url);

        var chunks = query.Length > 0 ? SandboxClient.Events(bytes).ConvertAll(entry => JsonElement.Parse(entry.Data)) : [.. JsonElement.Parse(bytes).EnumerateArray()];
        chunks.Count.ShouldBe(5);
        for (var i = 0; i < 5; i++)
        {
            Counts(chunks[i].GetProperty("usageMetadata")).ShouldBe((40, i + 1, 40 + 4 + i + 1, 10, 4));
            chunks[i].GetProperty("candidates")[0].TryGetProperty("finishReason", out _).ShouldBe(i == 4);
            chunks[i].GetProperty("modelVersion").ValueKind.ShouldBe(JsonValueKind.String);
        }

        var whole = await _client.JsonAsync(SandboxClient.Generate, SandboxClient.Body(SandboxClient.Generate, "Hi"), "output_tokens=9; reasoning_tokens=4");
        string.Concat(chunks.Select(Text)).ShouldBe(Text(whole));
    }

    [Fact]
    public async Task A_function_is_called_when_the_mode_is_any()
    {
        const string Forced = Tools + ",\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"weather\"]}}";
        var body = await _client.JsonAsync(SandboxClient.Generate, SandboxClient.Body(SandboxClient.Generate, "Hi", Forced));
        var events = await _client.EventsAsync(SandboxClient.StreamGenerate, SandboxClient.Body(SandboxClient.StreamGenerate, "Hi", Forced));

        foreach (var answer in new[] { body, JsonElement.Parse(events.ShouldHaveSingleItem().Data) })
            answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("functionCall").GetRawText().ShouldBe("""{"name":"weather","args":{"days":1}}""");
    }

    [Fact]
    public async Task Tokens_are_counted_and_texts_embedded()
    {
        var count = SandboxClient.Endpoint("/v1beta/models/{model}:countTokens", EndpointKind.CountTokens, WireFormat.Gemini);
        var embed = SandboxClient.Endpoint("/v1beta/models/{model}:embedContent", EndpointKind.Embeddings, WireFormat.Gemini);
        var batch = SandboxClient.Endpoint("/v1beta/models/{model}:batchEmbedContents", EndpointKind.Embeddings, WireFormat.Gemini);

        (await _client.JsonAsync(count, SandboxClient.Body(SandboxClient.Generate, "Hello there"))).GetProperty("totalTokens").GetInt64().ShouldBe(10);
        var one = await _client.JsonAsync(embed, """{"content":{"parts":[{"text":"abcd"}]},"outputDimensionality":4}""");
        one.GetProperty("embedding").GetProperty("values").GetArrayLength().ShouldBe(4);
        one.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt64().ShouldBe(1);
        var both = await _client.JsonAsync(batch, """{"requests":[{"content":{"parts":[{"text":"abcd"}]}},{"content":{"parts":[{"text":"efghi"}]}}]}""");
        both.GetProperty("embeddings").GetArrayLength().ShouldBe(2);
        both.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt64().ShouldBe(3);
    }

    private static string? Text(JsonElement chunk) => chunk.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString();

    private static (long Prompt, long Candidates, long Total, long Cached, long Thoughts) Counts(JsonElement usage) => (
        usage.GetProperty("promptTokenCount").GetInt64(), usage.GetProperty("candidatesTokenCount").GetInt64(), usage.GetProperty("totalTokenCount").GetInt64(),
        usage.GetProperty("cachedContentTokenCount").GetInt64(), usage.GetProperty("thoughtsTokenCount").GetInt64());
}
