using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

public sealed class AnthropicTests : IDisposable
{
    private const string Tools = ",\"tools\":[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}]";
    private const string Usage = """
        {"input_tokens":40,"cache_creation_input_tokens":35,"cache_read_input_tokens":25,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":15},"output_tokens":12,"service_tier":"standard"}
        """;

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_message_counts_cached_tokens_beside_its_input()
    {
        var body = await _client.JsonAsync(
            SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi"), "input_tokens=100; cached_tokens=25; cache_write_tokens=35; cache_write_1h_tokens=15; output_tokens=12");

        body.GetProperty("type").GetString().ShouldBe("message");
        body.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        body.GetProperty("content")[0].GetProperty("text").GetString()!.Split(' ').Length.ShouldBe(12);
        body.GetProperty("usage").GetRawText().ShouldBe(Usage.Trim());
    }

    [Fact]
    public async Task A_stream_goes_from_message_start_to_message_stop_with_a_ping()
    {
        var events = await _client.EventsAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", ",\"stream\":true"), "output_tokens=3; input_tokens=50; cached_tokens=20");

        events.Select(entry => entry.Name).ShouldBe(
        [
            "message_start", "content_block_start", "ping", "content_block_delta", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        ]);
        events.ForEach(entry => JsonElement.Parse(entry.Data).GetProperty("type").GetString().ShouldBe(entry.Name));
        JsonElement.Parse(events[0].Data).GetProperty("message").GetProperty("usage").GetProperty("input_tokens").GetInt64().ShouldBe(30);
        var last = JsonElement.Parse(events[^2].Data);
        last.GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        last.GetProperty("usage").GetRawText().ShouldBe("""{"input_tokens":30,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,"output_tokens":3}""");
    }

    [Fact]
    public async Task A_tool_is_used_when_the_choice_forces_it()
    {
        const string Forced = Tools + ",\"tool_choice\":{\"type\":\"any\"}";
        var body = await _client.JsonAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", Forced));
        var events = await _client.EventsAsync(SandboxClient.Messages, SandboxClient.Body(SandboxClient.Messages, "Hi", Forced + ",\"stream\":true"));

        body.GetProperty("stop_reason").GetString().ShouldBe("tool_use");
        body.GetProperty("content")[0].GetProperty("input").GetRawText().ShouldBe("""{"city":"sandbox"}""");
        string.Concat(events.Where(entry => entry.Name == "content_block_delta").Select(entry => JsonElement.Parse(entry.Data).GetProperty("delta").GetProperty("partial_json").GetString()))
            .ShouldBe("""{"city":"sandbox"}""");
    }

    [Fact]
    public async Task A_tool_result_in_a_users_message_ends_the_calls()
    {
        const string Body = """
            {"model":"m","max_tokens":99,"messages":[{"role":"user","content":"Hi [sandbox: tool]"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"weather","input":{}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"rain"}]}]
            """;
        (await _client.JsonAsync(SandboxClient.Messages, Body + Tools + "}")).GetProperty("stop_reason").GetString().ShouldBe("end_turn");
    }

    [Fact]
    public async Task Tokens_are_counted_as_a_message_would_count_them()
    {
        var count = SandboxClient.Endpoint("/v1/messages/count_tokens", EndpointKind.CountTokens, WireFormat.Anthropic);
        const string Body = """{"model":"m","max_tokens":99,"system":"Be brief.","messages":[{"role":"user","content":"Hello there"}]}""";

        var counted = await _client.JsonAsync(count, Body);
        var message = await _client.JsonAsync(SandboxClient.Messages, Body);

        counted.GetRawText().ShouldBe("""{"input_tokens":17}""");
        message.GetProperty("usage").GetProperty("input_tokens").GetInt64().ShouldBe(17);
    }
}
