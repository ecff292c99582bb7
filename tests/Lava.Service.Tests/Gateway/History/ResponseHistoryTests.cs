using System.Text;
using System.Text.Json;
using Lava.Service.Gateway.Calls;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Gateway.History;

/// <summary>Responses of Claude for clients of OpenAI's Responses, and requests that refer to them.</summary>
public sealed class ResponseHistoryTests : IAsyncLifetime
{
    private const string Path = "/v1/responses";

    private CacheWorld _world = null!;

    public async Task InitializeAsync() => _world = await CacheWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_goes_on_where_a_response_ended(bool stream)
    {
        var first = await RespondAsync("""{"type":"text","text":"Hello Ada"}""", """ "input":"I am Ada" """, stream);
        var id = first.GetProperty("id").GetString()!;
        id.ShouldStartWith("resp_lava");
        first.GetProperty("store").GetBoolean().ShouldBeTrue();

        var second = await RespondAsync("""{"type":"text","text":"Ada"}""", $""" "input":[{Message("Who am I?")}],"previous_response_id":"{id}" """, stream);
        Sent().ShouldBe(["user: I am Ada", "assistant: Hello Ada", "user: Who am I?"]);
        second.GetProperty("previous_response_id").GetString().ShouldBe(id);

        // The second one keeps what it was about whole, though the first goes.
        (await _world.ManageAsync(_world.Key, HttpMethod.Delete, $"{Path}/{id}")).GetProperty("deleted").GetBoolean().ShouldBeTrue();
        await RespondAsync("""{"type":"text","text":"Bye"}""", $""" "input":"Bye","previous_response_id":"{second.GetProperty("id").GetString()}" """, stream);
        Sent().ShouldBe(["user: I am Ada", "assistant: Hello Ada", "user: Who am I?", "assistant: Ada", "user: Bye"]);
    }

    /// <summary>The Vercel AI SDK sends a loop of tools so: what the model said is referred to, item by item.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_of_tools_may_refer_to_what_the_model_said(bool stream)
    {
        var first = await RespondAsync(
            """{"type":"text","text":"Let me look"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Oslo"}}""",
            $""" "tools":[{Weather}],"input":[{Message("How is Oslo?")}] """,
            stream);
        var (text, call) = (first.GetProperty("output")[0].GetProperty("id").GetString(), first.GetProperty("output")[1].GetProperty("id").GetString());
        await RespondAsync("""{"type":"text","text":"Cold"}""", $$"""
            "tools":[{{Weather}}],"input":[{{Message("How is Oslo?")}},{"type":"item_reference","id":"{{text}}"},{"type":"item_reference","id":"{{call}}"},
            {"type":"function_call_output","call_id":"toolu_1","output":"-3"}]
            """, stream);
        Sent().ShouldBe(["user: How is Oslo?", """assistant: Let me look {"city":"Oslo"}""", "user: -3"]);
    }

    [Fact]
    public async Task What_was_not_to_be_stored_is_not_kept()
    {
        var answer = await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"Hi","store":false """);
        answer.GetProperty("store").GetBoolean().ShouldBeFalse();
        answer.GetProperty("id").GetString().ShouldBe("msg_1");
        _world.Tables.Commits.ShouldBe(0);
    }

    [Fact]
    public async Task An_operator_can_switch_it_off()
    {
        _world.Get<IOptions<GatewayOptions>>().Value.KeepResponsesHours = 0;
        (await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"Hi" """)).GetProperty("store").GetBoolean().ShouldBeFalse();
        _world.Tables.Commits.ShouldBe(0);
    }

    [Fact]
    public async Task A_response_is_kept_for_a_day_after_its_last_use()
    {
        var id = (await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"Hi" """)).GetProperty("id").GetString();
        var next = $""" "input":"And?","previous_response_id":"{id}" """;
        for (var day = 0; day < 3; day++)
        {
            _world.Clock.Advance(TimeSpan.FromHours(23));
            await RespondAsync("""{"type":"text","text":"Hello"}""", next);
        }

        _world.Clock.Advance(TimeSpan.FromHours(25));
        await RefusedAsync(next, "previous_response_not_found", "previous_response_id");
    }

    [Theory]
    [InlineData("resp_lava01ARZ3NDEKTSV4RRFFQ69G5FAV00")]
    [InlineData("resp_lava")]
    public async Task A_response_that_nobody_knows_is_refused_and_costs_nothing(string id)
    {
        await RefusedAsync($""" "input":"x","previous_response_id":"{id}" """, "previous_response_not_found", "previous_response_id");
        await RefusedAsync($$""" "input":[{"type":"item_reference","id":"{{id.Replace("resp", "msg", StringComparison.Ordinal)}}_0"}] """, "previous_item_not_found", "0");
        _world.Asked.ShouldBe(0);
        (await _world.WalletAsync(_world.Key)).ShouldBe(100);
    }

    [Theory]
    [InlineData(""" "input":"x","previous_response_id":"resp_lava\ud800" """)]
    [InlineData(""" "input":[{"type":"item_reference","id":"msg_lava\udc00_0"}] """)]
    public async Task An_id_that_is_not_text_is_refused(string members)
    {
        await RefusedAsync(members, "invalid_json", "text");
        _world.Asked.ShouldBe(0);
    }

    /// <summary>Five conversations of seven megabytes are more than is read for a body of eight at the most.</summary>
    [Fact]
    public async Task Responses_are_not_read_without_bound()
    {
        _world.Get<IOptions<GatewayOptions>>().Value.MaxBodyBytes = 8 * 1024 * 1024;
        var items = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            var made = await RespondAsync("""{"type":"text","text":"Hello"}""", $""" "input":"{new string('x', 7 * 1024 * 1024)}" """);
            items.Add($$"""{"type":"item_reference","id":"{{made.GetProperty("output")[0].GetProperty("id").GetString()}}"}""");
        }

        var answer = await _world.AskAsync(_world.Key, $$"""{"model":"claude-sonnet-4-6","input":[{{string.Join(',', items)}},{{Message("Go on")}}]}""", Path, ttl: null);
        (answer.Status, _world.Asked).ShouldBe((413, 5), answer.Text);
    }

    /// <summary>An item of another provider that is not there cannot be put in its place.</summary>
    [Fact]
    public async Task Ids_of_others_are_refused_by_name()
    {
        await RefusedAsync(""" "input":"x","previous_response_id":"resp_123" """, "rewrite_unsupported", "previous_response_id");
        _world.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Another_merchant_has_no_part_in_it()
    {
        var id = (await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"Hi" """)).GetProperty("id").GetString();
        var other = await _world.NewMerchantAsync();
        var answer = await _world.AskAsync(other.TestKey, $$"""{"model":"claude-sonnet-4-6","input":"x","previous_response_id":"{{id}}"}""", Path, ttl: null);
        answer.Status.ShouldBe(400, answer.Text);
        (await _world.ManageAsync(other.TestKey, HttpMethod.Get, $"{Path}/{id}")).GetProperty("error").GetProperty("code").GetString().ShouldBe("response_not_found");
        (await _world.ManageAsync(other.TestKey, HttpMethod.Delete, $"{Path}/{id}")).GetProperty("error").GetProperty("code").GetString().ShouldBe("response_not_found");
        (await _world.ManageAsync(_world.Key, HttpMethod.Get, $"{Path}/{id}")).GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task A_kept_response_is_shown_listed_and_deleted()
    {
        var made = await RespondAsync("""{"type":"text","text":"Hello"}""", $""" "input":[{Message("One")},{Message("Two")},{Message("Three")}] """);
        var path = $"{Path}/{made.GetProperty("id").GetString()}";
        (await _world.ManageAsync(_world.Key, HttpMethod.Get, path)).GetRawText().ShouldBe(made.GetRawText());

        var page = await _world.ManageAsync(_world.Key, HttpMethod.Get, path + "/input_items?limit=2&order=asc");
        page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content").GetString()).ShouldBe(["One", "Two"]);
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        page = await _world.ManageAsync(_world.Key, HttpMethod.Get, path + "/input_items?order=asc&after=" + page.GetProperty("last_id").GetString());
        page.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content").GetString()).ShouldBe(["Three"]);
        page.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        (await _world.ManageAsync(_world.Key, HttpMethod.Get, path + "/input_items")).GetProperty("data")[0].GetProperty("content").GetString().ShouldBe("Three");

        (await _world.ManageAsync(_world.Key, HttpMethod.Post, path + "/cancel")).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("background");
        (await _world.ManageAsync(_world.Key, HttpMethod.Delete, path)).GetProperty("deleted").GetBoolean().ShouldBeTrue();
        (await _world.ManageAsync(_world.Key, HttpMethod.Get, path)).GetProperty("error").GetProperty("code").GetString().ShouldBe("response_not_found");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("order=up", "order")]
    [InlineData("after=in_1", "after")]
    public async Task A_page_that_cannot_be_is_refused(string query, string parameter)
    {
        var made = await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"One" """);
        var answer = await _world.ManageAsync(_world.Key, HttpMethod.Get, $"{Path}/{made.GetProperty("id").GetString()}/input_items?{query}");
        answer.GetProperty("error").GetProperty("message").GetString()!.ShouldStartWith(parameter);
    }

    /// <summary>What is stored tells neither what was said nor how to read it.</summary>
    [Fact]
    public async Task The_store_alone_tells_nothing()
    {
        var made = await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"My secret" """);
        var secret = made.GetProperty("id").GetString()![^24..];
        foreach (var (partition, write) in _world.Tables.Writes)
        {
            foreach (var stored in new[] { partition, write.Key, Encoding.UTF8.GetString(write.Data.Span) })
            {
                foreach (var word in new[] { "My secret", "Hello", secret }) stored.ShouldNotContain(word);
            }
        }
    }

    [Fact]
    public async Task An_answer_comes_though_it_cannot_be_kept()
    {
        _world.Tables.FailsWrites = true;
        var id = (await RespondAsync("""{"type":"text","text":"Hello"}""", """ "input":"Hi" """)).GetProperty("id").GetString();
        _world.Tables.FailsWrites = false;
        await RefusedAsync($""" "input":"x","previous_response_id":"{id}" """, "previous_response_not_found", "previous_response_id");
    }

    /// <summary>Two megabytes that do not get shorter: the response is kept, and the conversation is not.</summary>
    [Fact]
    public async Task Of_a_conversation_that_is_too_long_the_response_alone_is_kept()
    {
        var noise = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(2 * 1024 * 1024));
        var made = await RespondAsync("""{"type":"text","text":"Hello"}""", $""" "input":"{noise}" """);
        var (id, item) = (made.GetProperty("id").GetString(), made.GetProperty("output")[0].GetProperty("id").GetString());
        await RefusedAsync($""" "input":"x","previous_response_id":"{id}" """, "previous_response_not_found", "previous_response_id");
        await RespondAsync("""{"type":"text","text":"Hi"}""", $$""" "input":[{{Message("Hi")}},{"type":"item_reference","id":"{{item}}"},{{Message("Go on")}}] """);
        Sent().ShouldBe(["user: Hi", "assistant: Hello", "user: Go on"]);
    }

    private const string Weather = """{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}""";

    private static string Message(string text) => $$"""{"role":"user","content":"{{text}}"}""";

    /// <summary>What the provider was sent, a line a message.</summary>
    private IEnumerable<string> Sent()
    {
        using var body = JsonDocument.Parse(_world.LastBody);
        return [.. body.RootElement.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")}: {Text(message.GetProperty("content"))}")];

        static string Text(JsonElement content) => content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Join(' ', content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString()
                : part.TryGetProperty("input", out var input) ? input.GetRawText() : Text(part.GetProperty("content"))));
    }

    private async Task RefusedAsync(string members, string code, string at)
    {
        var answer = await _world.AskAsync(_world.Key, $$"""{"model":"claude-sonnet-4-6",{{members}}}""", Path, ttl: null);
        answer.Status.ShouldBe(400, answer.Text);
        var error = JsonElement.Parse(answer.Bytes).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        answer.Text.ShouldContain(at);
    }

    /// <summary>Asks, and returns the response.</summary>
    /// <param name="content">The blocks that Claude answers with.</param>
    /// <param name="members">The request, but for its model.</param>
    /// <param name="stream">Whether as a stream.</param>
    private async Task<JsonElement> RespondAsync(string content, string members, bool stream = false)
    {
        _world.Answer = http => stream ? StreamAsync(http, JsonElement.Parse($"[{content}]")) : WriteAsync(http, content);
        var answer = await _world.AskAsync(
            _world.Key, $$"""{"model":"claude-sonnet-4-6","stream":{{(stream ? "true" : "false")}},{{members}}}""", Path, ttl: null);
        answer.Status.ShouldBe(200, answer.Text);
        if (!stream) return JsonElement.Parse(answer.Bytes);
        var last = answer.Text.Split('\n').Last(line => line.StartsWith("data: {", StringComparison.Ordinal));
        return JsonElement.Parse(last["data: ".Length..]).GetProperty("response");
    }

    private static Task WriteAsync(HttpContext http, string content)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync($$$"""
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{{{content}}}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":4}}
            """);
    }

    private static async Task StreamAsync(HttpContext http, JsonElement content)
    {
        http.Response.ContentType = "text/event-stream";
        await Event("message_start", """ "message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[],"usage":{"input_tokens":10,"output_tokens":1}} """);
        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            var isText = block.GetProperty("type").GetString() == "text";
            var start = isText ? """{"type":"text","text":""}""" : $$$"""{"type":"tool_use","id":"{{{block.GetProperty("id")}}}","name":"{{{block.GetProperty("name")}}}","input":{}}""";
            var delta = isText
                ? $$"""{"type":"text_delta","text":"{{block.GetProperty("text")}}"}"""
                : $$"""{"type":"input_json_delta","partial_json":{{JsonSerializer.Serialize(block.GetProperty("input").GetRawText())}}}""";
            await Event("content_block_start", $""" "index":{index},"content_block":{start} """);
            await Event("content_block_delta", $""" "index":{index},"delta":{delta} """);
            await Event("content_block_stop", $""" "index":{index++} """);
        }

        await Event("message_delta", """ "delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4} """);
        await Event("message_stop", null);

        Task Event(string type, string? members) =>
            http.Response.WriteAsync($$"""event: {{type}}{{"\n"}}data: {"type":"{{type}}"{{(members is null ? "" : "," + members)}}}{{"\n\n"}}""");
    }
}
