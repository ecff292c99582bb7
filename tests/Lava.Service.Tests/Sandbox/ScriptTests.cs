using System.Text.Json;
using Lava.Service.Sandbox;

namespace Lava.Service.Tests.Sandbox;

/// <summary>Scripts that take an agent through its loop (docs/sandbox.md).</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Script = """
        [sandbox-script: [{"text":"I look.","calls":[{"name":"read","arguments":{"path":"a \u2713"}},"list"]},[{"name":"read","arguments":{"path":"b"}}],
        {"text":"The end.","directives":"input_tokens=77"}]]
        """;

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_step_is_told_by_the_calls_that_the_conversation_has_since_the_script()
    {
        var first = await ChatAsync([]);
        first.GetProperty("content").GetString().ShouldBe("I look.");
        first.GetProperty("tool_calls").EnumerateArray().Select(Called).ShouldBe(["read {\"path\":\"a ✓\"}", "list {}"]);
        first.GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()).Distinct().Count().ShouldBe(2);

        var second = await ChatAsync(Turn("x", "y"));
        second.GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        second.GetProperty("tool_calls").EnumerateArray().Select(Called).ShouldBe(["read {\"path\":\"b\"}"]);

        // One of the first two is made yet, by a client that makes one at a time.
        (await ChatAsync(Turn("x"))).GetProperty("tool_calls").EnumerateArray().Select(Called).ShouldBe(["list {}"]);

        // A reminder beside the results does not end the loop; the last step has the last word.
        var last = await ChatAsync([.. Turn("x", "y"), .. Turn("z"), """{"role":"user","content":"Remember the rules."}"""]);
        last.GetProperty("content").GetString().ShouldBe("The end.");
        last.TryGetProperty("tool_calls", out _).ShouldBeFalse();

        // What the user says after that is another matter.
        string[] next = [.. Turn("x", "y"), .. Turn("z"), """{"role":"assistant","content":"The end."}""", """{"role":"user","content":"Summarise. [sandbox: output_tokens=3]"}"""];
        (await ChatAsync(next)).GetProperty("content").GetString().ShouldBe("The sandbox answers");
    }

    [Theory]
    [InlineData(",\"parallel_tool_calls\":false", 1)]
    [InlineData(",\"tool_choice\":\"none\"", 0)]
    [InlineData("", 2)]
    public async Task A_request_that_allows_one_call_or_none_gets_no_more(string more, int calls)
    {
        var message = await ChatAsync([], more);
        (message.TryGetProperty("tool_calls", out var made) ? made.GetArrayLength() : 0).ShouldBe(calls);
    }

    [Fact]
    public async Task A_request_without_tools_is_answered_in_words_and_directives_of_a_step_hold_for_it()
    {
        var body = "{\"model\":\"gpt-4o-mini\",\"messages\":[" + User(Script) + "]}";
        (await _client.JsonAsync(SandboxClient.Chat, body)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!.ShouldStartWith("The sandbox answers as");

        var last = await _client.JsonAsync(SandboxClient.Chat, Body([.. Turn("x", "y"), .. Turn("z")]));
        last.GetProperty("usage").GetProperty("prompt_tokens").GetInt64().ShouldBe(77);
    }

    [Theory]
    [InlineData("""[sandbox-script: 5]""", "steps")]
    [InlineData("""[sandbox-script: []]""", "steps")]
    [InlineData("""[sandbox-script: [["read",]]]""", "JSON")]
    [InlineData("""[sandbox-script: [["read"]] and so on""", "bracket")]
    [InlineData("""[sandbox-script: [{"call":["read"]}]]""", "Step 1")]
    [InlineData("""[sandbox-script: [["read"],[{"name":"read","args":{}}]]]""", "Step 2")]
    [InlineData("""[sandbox-script: [{"text":"Hm."},["read"]]]""", "Step 1")]
    [InlineData("""[sandbox-script: [["write"]]]""", "'write'")]
    [InlineData("""[sandbox-script: [{"calls":["read"],"directives":"colour=red"}]]""", "'colour'")]
    public async Task A_script_that_cannot_be_followed_is_a_400_that_says_where(string script, string named)
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, Body([], first: script));
        ((int)answer.StatusCode).ShouldBe(400);
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain(named);
    }

    [Fact]
    public async Task Every_format_says_the_same_whole_and_streamed()
    {
        const string Schema = """{"type":"object","properties":{"path":{"type":"string"}}}""";
        var script = "\"" + JsonEncodedText.Encode("""[sandbox-script: [{"text":"I look.","calls":[{"name":"read","arguments":{"path":"a"}},{"name":"list","arguments":{"path":"c"}}]}]]""") + "\"";
        var openAi = $$"""
            "model":"gpt-5.4","tools":[{"type":"function","name":"read","parameters":{{Schema}}},{"type":"function","name":"list","parameters":{{Schema}}}],"reasoning":{"effort":"low","summary":"auto"}
            """;
        var anthropic = $$"""
            "model":"claude-sonnet-4-5","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"name":"read","input_schema":{{Schema}}},{"name":"list","input_schema":{{Schema}}}]
            """;
        var gemini = $$$"""
            "contents":[{"parts":[{"text":{{{script}}}}]}],"tools":[{"functionDeclarations":[{"name":"read","parameters":{{{Schema}}}},{"name":"list","parameters":{{{Schema}}}}]}],
            "generationConfig":{"thinkingConfig":{"includeThoughts":true}}
            """;
        var bedrock = $$$$"""
            "messages":[{"role":"user","content":[{"text":{{{{script}}}}}]}],"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}},"inferenceConfig":{"maxTokens":9000},
            "toolConfig":{"tools":[{"toolSpec":{"name":"read","inputSchema":{"json":{{{{Schema}}}}}}},{"toolSpec":{"name":"list","inputSchema":{"json":{{{{Schema}}}}}}}]}
            """;
        const string Thoughts = "Let me think about what is asked here,";

        var response = await _client.JsonAsync(SandboxClient.Responses, "{" + openAi + ",\"input\":" + script + "}");
        response.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message", "function_call", "function_call"]);
        response.GetProperty("output")[0].GetProperty("summary")[0].GetProperty("text").GetString().ShouldBe(Thoughts);
        response.GetProperty("output")[3].GetProperty("arguments").GetString().ShouldBe("""{"path":"c"}""");
        var events = await _client.EventsAsync(SandboxClient.Responses, "{" + openAi + ",\"stream\":true,\"input\":" + script + "}");
        var items = events.Where(entry => entry.Name == "response.output_item.done").Select(entry => JsonElement.Parse(entry.Data).GetProperty("item").GetRawText()).ToList();
        items.ShouldBe(JsonElement.Parse(events[^1].Data).GetProperty("response").GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));
        items.Count.ShouldBe(4);

        var message = await _client.JsonAsync(SandboxClient.Messages, "{" + anthropic + ",\"messages\":[{\"role\":\"user\",\"content\":" + script + "}]}");
        message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()).ShouldBe(["thinking", "text", "tool_use", "tool_use"]);
        message.GetProperty("content")[0].GetProperty("thinking").GetString().ShouldBe(Thoughts);
        message.GetProperty("stop_reason").GetString().ShouldBe("tool_use");
        var deltas = (await _client.EventsAsync(SandboxClient.Messages, "{" + anthropic + ",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":" + script + "}]}"))
            .Where(entry => entry.Name == "content_block_delta").Select(entry => JsonElement.Parse(entry.Data)).ToLookup(data => data.GetProperty("index").GetInt32(), data => data.GetProperty("delta"));
        deltas.Count.ShouldBe(4);
        deltas[0].Last().GetProperty("signature").GetString().ShouldBe(message.GetProperty("content")[0].GetProperty("signature").GetString());
        string.Concat(deltas[3].Select(delta => delta.GetProperty("partial_json").GetString())).ShouldBe("""{"path":"c"}""");

        const string Gemini = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent";
        using var whole = await _client.SendAsync(SandboxClient.Generate, "{" + gemini + "}", null, Gemini, "gemini-3.8-flash");
        var parts = JsonElement.Parse(await whole.Content.ReadAsByteArrayAsync()).GetProperty("candidates")[0].GetProperty("content").GetProperty("parts");
        parts.EnumerateArray().Select(part => part.EnumerateObject().First().Name).ShouldBe(["text", "text", "functionCall", "functionCall"]);
        parts[0].GetProperty("thought").GetBoolean().ShouldBeTrue();
        parts.EnumerateArray().Count(part => part.TryGetProperty("thoughtSignature", out _)).ShouldBe(1, "the first of calls made together is signed");

        var converse = await _client.JsonAsync(SandboxClient.Converse, "{" + bedrock + "}");
        converse.GetProperty("output").GetProperty("message").GetProperty("content").EnumerateArray().Select(block => block.EnumerateObject().First().Name)
            .ShouldBe(["reasoningContent", "text", "toolUse", "toolUse"]);
        var frames = SandboxClient.Frames(await _client.BytesAsync(SandboxClient.ConverseStream, "{" + bedrock + "}"));
        frames.Count(frame => frame.Headers[":event-type"] == "contentBlockStop").ShouldBe(4);
    }

    /// <summary>As Codex offers them to OpenAI's newest models.</summary>
    [Fact]
    public async Task Tools_among_the_items_of_an_input_are_called_with_their_namespace()
    {
        var body = """
            {"model":"gpt-5.6-sol","parallel_tool_calls":false,"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"functions","tools":[{"type":"custom","name":"exec"}]}]},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"[sandbox-script: [[{\"name\":\"exec\",\"input\":\"go()\"}]]]"}]}]}
            """;
        var item = (await _client.JsonAsync(SandboxClient.Responses, body)).GetProperty("output")[0];
        item.GetProperty("type").GetString().ShouldBe("custom_tool_call");
        (item.GetProperty("namespace").GetString(), item.GetProperty("name").GetString(), item.GetProperty("input").GetString()).ShouldBe(("functions", "exec", "go()"));
    }

    [Fact]
    public async Task Thoughts_that_are_not_the_sandboxs_own_are_refused_as_the_provider_does()
    {
        const string Body = """
            {"model":"claude-sonnet-4-6","max_tokens":99,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"I made this up.","signature":"abc"},
            {"type":"text","text":"Hm."}]},{"role":"user","content":"Go on."}]}
            """;
        using var answer = await _client.SendAsync(SandboxClient.Messages, Body);
        ((int)answer.StatusCode).ShouldBe(400);
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("error").GetProperty("message").GetString().ShouldBe("messages.1.content.0: Invalid `signature` in `thinking` block");
        using var own = await _client.SendAsync(SandboxClient.Messages, Body.Replace("\"abc\"", "\"" + SandboxThoughts.Sign("I made this up.") + "\"", StringComparison.Ordinal));
        ((int)own.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task An_answer_tells_what_of_the_conversation_arrived()
    {
        const string Body = """
            {"model":"claude-sonnet-4-6","max_tokens":99,"tools":[{"name":"see","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"see","input":{}},{"type":"tool_use","id":"b","name":"see","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"type":"tool_result","tool_use_id":"b"}]}]}
            """;
        using var answer = await _client.SendAsync(SandboxClient.Messages, Body);
        answer.Headers.GetValues("x-sandbox-prompt").ShouldBe(["calls=2; results=2; media=1; thoughts=0"]);
    }

    private static string Called(JsonElement call) => $"{call.GetProperty("function").GetProperty("name").GetString()} {call.GetProperty("function").GetProperty("arguments").GetString()}";

    private static string User(string text) => "{\"role\":\"user\",\"content\":\"" + JsonEncodedText.Encode(text) + "\"}";

    /// <summary>A turn with calls, and what they gave.</summary>
    private static string[] Turn(params string[] ids) =>
    [
        "{\"role\":\"assistant\",\"tool_calls\":[" + string.Join(',', ids.Select(id => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"read","arguments":"{}"}}""")) + "]}",
        .. ids.Select(id => $$"""{"role":"tool","tool_call_id":"{{id}}","content":"done"}"""),
    ];

    private static string Body(string[] after, string more = "", string first = Script) => "{\"model\":\"gpt-4o-mini\",\"messages\":[" + string.Join(',', after.Prepend(User(first)))
        + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read\"}},{\"type\":\"function\",\"function\":{\"name\":\"list\"}}]" + more + "}";

    private async Task<JsonElement> ChatAsync(string[] after, string more = "") =>
        (await _client.JsonAsync(SandboxClient.Chat, Body(after, more))).GetProperty("choices")[0].GetProperty("message");
}
