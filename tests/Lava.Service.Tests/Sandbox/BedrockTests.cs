using System.Text;
using System.Text.Json;

namespace Lava.Service.Tests.Sandbox;

public sealed class BedrockTests : IDisposable
{
    private const string Tools = ",\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"weather\",\"inputSchema\":{\"json\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}}]";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Converse_counts_cached_tokens_beside_its_input()
    {
        var body = await _client.JsonAsync(SandboxClient.Converse, SandboxClient.Body(SandboxClient.Converse, "Hi"), "input_tokens=40; cached_tokens=10; cache_write_tokens=5; output_tokens=6");

        body.GetProperty("stopReason").GetString().ShouldBe("end_turn");
        body.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString()!.Split(' ').Length.ShouldBe(6);
        body.GetProperty("usage").GetRawText().ShouldBe("""{"cacheReadInputTokens":10,"cacheWriteInputTokens":5,"inputTokens":25,"outputTokens":6,"totalTokens":46}""");
    }

    [Fact]
    public async Task A_stream_is_frames_whose_lengths_and_checksums_hold()
    {
        SandboxClient.Crc("123456789"u8).ShouldBe(0xCBF43926u);
        var frames = SandboxClient.Frames(await _client.BytesAsync(SandboxClient.ConverseStream, SandboxClient.Body(SandboxClient.ConverseStream, "Hi"), "output_tokens=60"));

        frames.Select(frame => frame.Headers[":event-type"]).ShouldBe(
            ["messageStart", .. Enumerable.Repeat("contentBlockDelta", 60), "contentBlockStop", "messageStop", "metadata"]);
        frames.ShouldAllBe(frame => frame.Headers[":message-type"] == "event" && frame.Headers[":content-type"] == "application/json");
        string.Concat(frames[1..^3].Select(frame => frame.Payload.GetProperty("delta").GetProperty("text").GetString())).Split(' ').Length.ShouldBe(60);
        frames[^1].Payload.GetProperty("usage").GetProperty("outputTokens").GetInt64().ShouldBe(60);
    }

    [Fact]
    public async Task A_tool_is_used_in_a_body_and_in_a_stream()
    {
        const string Forced = Tools + ",\"toolChoice\":{\"any\":{}}}";
        var body = await _client.JsonAsync(SandboxClient.Converse, SandboxClient.Body(SandboxClient.Converse, "Hi", Forced));
        var frames = SandboxClient.Frames(await _client.BytesAsync(SandboxClient.ConverseStream, SandboxClient.Body(SandboxClient.ConverseStream, "Hi", Forced)));

        body.GetProperty("stopReason").GetString().ShouldBe("tool_use");
        body.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("toolUse").GetProperty("input").GetRawText().ShouldBe("""{"city":"sandbox"}""");
        frames[1].Payload.GetProperty("start").GetProperty("toolUse").GetProperty("name").GetString().ShouldBe("weather");
        string.Concat(frames.Where(frame => frame.Headers[":event-type"] == "contentBlockDelta").Select(frame => frame.Payload.GetProperty("delta").GetProperty("toolUse").GetProperty("input").GetString()))
            .ShouldBe("""{"city":"sandbox"}""");
    }

    [Fact]
    public async Task A_stream_fails_with_an_exception_frame()
    {
        var frames = SandboxClient.Frames(await _client.BytesAsync(SandboxClient.ConverseStream, SandboxClient.Body(SandboxClient.ConverseStream, "Hi"), "error_after=2"));

        frames.Count.ShouldBe(3);
        frames[^1].Headers[":message-type"].ShouldBe("exception");
        frames[^1].Headers[":exception-type"].ShouldBe("internalServerException");
    }

    [Fact]
    public async Task An_error_names_its_type_in_a_header()
    {
        using var answer = await _client.SendAsync(SandboxClient.Converse, SandboxClient.Body(SandboxClient.Converse, "Hi"), "status=429");

        ((int)answer.StatusCode).ShouldBe(429);
        answer.Headers.GetValues("x-amzn-errortype").ShouldBe(["ThrottlingException"]);
        JsonElement.Parse(Encoding.UTF8.GetBytes(await answer.Content.ReadAsStringAsync())).EnumerateObject().Select(member => member.Name).ShouldBe(["message"]);
    }
}
