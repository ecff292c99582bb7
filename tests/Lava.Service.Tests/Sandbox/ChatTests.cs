using System.Text.Json;

namespace Lava.Service.Tests.Sandbox;

public sealed class ChatTests : IDisposable
{
    private const string Tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
        + "\"days\":{\"type\":\"integer\",\"minimum\":3},\"unit\":{\"enum\":[\"°C\",\"°F\"]},\"note\":{\"type\":\"string\"}},\"required\":[\"city\",\"days\",\"unit\"]}}},"
        + "{\"type\":\"function\",\"function\":{\"name\":\"time\"}}]";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_completion_has_every_member_of_the_real_one_and_counts_its_own_words()
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello there"));

        body.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint"]);
        body.GetProperty("id").GetString()!.ShouldStartWith("chatcmpl-");
        body.GetProperty("object").GetString().ShouldBe("chat.completion");
        body.GetProperty("created").GetInt64().ShouldBe(_client.Time.GetUtcNow().ToUnixTimeSeconds());
        body.GetProperty("model").GetString().ShouldBe("gpt-4o-mini");
        var choice = body.GetProperty("choices")[0];
        choice.EnumerateObject().Select(member => member.Name).ShouldBe(["index", "message", "logprobs", "finish_reason"]);
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        var usage = body.GetProperty("usage");
        usage.GetProperty("prompt_tokens").GetInt64().ShouldBe(3 + 4 + 3);
        usage.GetProperty("completion_tokens").GetInt64().ShouldBe(Words(choice.GetProperty("message").GetProperty("content").GetString()!));
        usage.GetProperty("total_tokens").GetInt64().ShouldBe(usage.GetProperty("prompt_tokens").GetInt64() + usage.GetProperty("completion_tokens").GetInt64());
    }

    [Fact]
    public async Task A_stream_is_a_role_words_a_finish_usage_and_done()
    {
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello", ",\"stream\":true"), "output_tokens=30");

        events[^1].Data.ShouldBe("[DONE]");
        events.ShouldAllBe(entry => entry.Name == null);
        var chunks = events[..^1].ConvertAll(entry => JsonElement.Parse(entry.Data));
        chunks.ShouldAllBe(chunk => chunk.GetProperty("object").GetString() == "chat.completion.chunk");
        chunks.Select(chunk => chunk.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        Delta(chunks[0]).GetProperty("role").GetString().ShouldBe("assistant");
        var text = string.Concat(chunks[1..^2].Select(chunk => Delta(chunk).GetProperty("content").GetString()));
        Words(text).ShouldBe(30);
        chunks[1..^2].Count.ShouldBe(30);
        chunks[..^2].ShouldAllBe(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind == JsonValueKind.Null);
        chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        Delta(chunks[^2]).EnumerateObject().ShouldBeEmpty();
        chunks[..^1].ShouldAllBe(chunk => chunk.GetProperty("usage").ValueKind == JsonValueKind.Null);
        chunks[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(30);
    }

    [Fact]
    public async Task A_stream_and_a_body_say_the_same()
    {
        var whole = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello"));
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello", ",\"stream\":true"));

        var text = string.Concat(events.Where(entry => entry.Data.Contains("\"content\"", StringComparison.Ordinal))
            .Select(entry => Delta(JsonElement.Parse(entry.Data)).GetProperty("content").GetString()));
        text.ShouldBe(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        JsonElement.Parse(events[^2].Data).GetProperty("usage").GetRawText().ShouldBe(whole.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task A_stream_has_no_usage_unless_it_is_asked_for()
    {
        var events = await _client.EventsAsync(SandboxClient.Chat, """{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}""");

        events[..^1].Count(entry => JsonElement.Parse(entry.Data).TryGetProperty("usage", out _)).ShouldBe(0);
        events.Count.ShouldBe(1 + 18 + 1 + 1);
    }

    [Fact]
    public async Task The_same_request_has_the_same_answer_and_another_has_another()
    {
        var hello = await _client.BytesAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello"));
        var again = await _client.BytesAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello"));
        var other = await _client.BytesAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello").Replace("gpt-4o-mini", "gpt-4o", StringComparison.Ordinal));

        again.ShouldBe(hello);
        Content(other).ShouldNotBe(Content(hello));
        Content(other).ShouldContain("gpt-4o.");

        static string Content(byte[] body) => JsonElement.Parse(body).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }

    [Fact]
    public async Task Input_is_counted_by_message_media_and_tools_as_documented()
    {
        const string Body = """
            {"model":"m","messages":[{"role":"system","content":"12345"},{"role":"user","content":[{"type":"text","text":"ab🌋d"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
             "tools":[{"type":"function","function":{"name":"t"}}]}
            """;
        var usage = (await _client.JsonAsync(SandboxClient.Chat, Body)).GetProperty("usage");

        // The conversation, the system's message, the user's with its image, the tools' 45 bytes of JSON.
        usage.GetProperty("prompt_tokens").GetInt64().ShouldBe(3 + (4 + 2) + (4 + 1 + 85) + 12);
    }

    [Fact]
    public async Task An_answer_stops_at_the_limit_of_the_request()
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello", ",\"max_tokens\":4"), "output_tokens=50");

        body.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        body.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task Choices_are_answered_and_counted_each()
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello", ",\"n\":3"), "output_tokens=7");
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hello", ",\"n\":3,\"stream\":true"), "output_tokens=7");

        body.GetProperty("choices").GetArrayLength().ShouldBe(3);
        body.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(21);
        events.Count(entry => entry.Data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal)).ShouldBe(3);
        events.Count.ShouldBe((3 * (1 + 7 + 1)) + 2);
    }

    [Fact]
    public async Task A_tool_is_called_with_what_its_schema_requires()
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Weather?", Tools), "tool");

        var choice = body.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        call.GetProperty("type").GetString().ShouldBe("function");
        call.GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        var raw = call.GetProperty("function").GetProperty("arguments").GetString()!;
        var arguments = JsonElement.Parse(raw);
        arguments.EnumerateObject().Select(member => member.Name).ShouldBe(["city", "days", "unit"]);
        arguments.GetProperty("days").GetInt64().ShouldBe(3);
        arguments.GetProperty("unit").GetString().ShouldBe("°C");
        body.GetProperty("usage").GetProperty("completion_tokens").GetInt64().ShouldBe(1 + ((raw.Length + 3) / 4));
    }

    [Fact]
    public async Task A_custom_tool_is_called_with_plain_text()
    {
        const string Custom = ",\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"patch\"}}],\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"patch\"}}";
        var whole = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", Custom));
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", Custom + ",\"stream\":true"));
        var call = whole.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0];
        call.GetProperty("type").GetString().ShouldBe("custom");
        call.GetProperty("custom").GetRawText().ShouldBe("""{"name":"patch","input":"A sandbox's text for \"patch\",\nin two lines."}""");
        var calls = events[..^1].Where(entry => entry.Data.Contains("tool_calls\":[", StringComparison.Ordinal)).Select(entry => Delta(JsonElement.Parse(entry.Data))).Select(delta => delta.GetProperty("tool_calls")[0]).ToList();
        calls[0].GetProperty("custom").GetProperty("name").GetString().ShouldBe("patch");
        string.Concat(calls.Select(delta => delta.GetProperty("custom").GetProperty("input").GetString())).ShouldBe(call.GetProperty("custom").GetProperty("input").GetString());
    }

    [Fact]
    public async Task A_streamed_tool_call_adds_up_to_the_whole_one()
    {
        var whole = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Weather?", Tools), "tool");
        var events = await _client.EventsAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Weather?", Tools + ",\"stream\":true"), "tool");

        var calls = events[..^1].Select(entry => JsonElement.Parse(entry.Data)).Where(chunk => chunk.GetProperty("choices").GetArrayLength() > 0)
            .Select(Delta).Where(delta => delta.TryGetProperty("tool_calls", out _)).Select(delta => delta.GetProperty("tool_calls")[0]).ToList();
        calls[0].GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        calls.ShouldAllBe(call => call.GetProperty("index").GetInt32() == 0);
        string.Concat(calls.Select(call => call.GetProperty("function").GetProperty("arguments").GetString()))
            .ShouldBe(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        events[^3].Data.ShouldContain("\"finish_reason\":\"tool_calls\"");
    }

    [Theory]
    [InlineData("tool=time", "", "time")]
    [InlineData(null, ",\"tool_choice\":\"required\"", "weather")]
    [InlineData(null, ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"time\"}}", "time")]
    public async Task The_directive_or_the_tool_choice_decides_which_tool(string? directives, string choice, string tool)
    {
        var body = await _client.JsonAsync(SandboxClient.Chat, SandboxClient.Body(SandboxClient.Chat, "Hi", Tools + choice), directives);

        body.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString().ShouldBe(tool);
    }

    [Fact]
    public async Task A_tool_that_has_answered_is_not_called_again()
    {
        const string Messages = """
            {"model":"m","messages":[{"role":"user","content":"Hi [sandbox: tool]"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"weather","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c","content":"rain"}]
            """;
        var body = await _client.JsonAsync(SandboxClient.Chat, Messages + Tools + "}");

        body.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");

    private static int Words(string text) => text.Split(' ').Length;
}
