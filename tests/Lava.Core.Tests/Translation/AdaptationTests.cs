using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Requests become what their model takes (docs/models.md). The right values are what the providers document of these models.</summary>
public sealed class AdaptationTests
{
    private const string Hi = """{"role":"user","content":"Hi"}""";

    [Theory]
    [InlineData(OpenAiChat, Anthropic, """ "logprobs":true,"top_logprobs":3,"logit_bias":{"1":5},"service_tier":"flex","n":1 """, "logprobs, top_logprobs, logit_bias, service_tier")]
    [InlineData(OpenAiChat, Gemini, """ "logprobs":false,"logit_bias":{},"metadata":null,"stop":[],"prompt_cache_key":"" """, "")]
    [InlineData(OpenAiResponses, Anthropic, """ "text":{"verbosity":"low","format":{"type":"text"}},"include":["reasoning.encrypted_content"] """, "text.verbosity, include")]
    [InlineData(Anthropic, OpenAiChat, """ "max_tokens":9,"service_tier":"auto","context_management":{"edits":[1]} """, "service_tier, context_management")]
    [InlineData(Gemini, OpenAiChat, """ "labels":{"a":"b"},"generationConfig":{"responseLogprobs":true,"temperature":0} """, "labels, generationConfig.responseLogprobs")]
    [InlineData(BedrockConverse, OpenAiChat, """ "requestMetadata":{"a":"b"},"inferenceConfig":{"temperature":0,"seed":1} """, "requestMetadata, inferenceConfig.seed")]
    [InlineData(OpenAiChat, Anthropic, """ "house_rule":1,"évil":1,"with\r\nbreak":1,"a,b":1 """, "house_rule")]
    public void Members_that_no_other_format_has_are_told(WireFormat client, WireFormat provider, string members, string told)
    {
        var turn = client switch
        {
            OpenAiResponses => """ "model":"m","input":"Hi" """,
            Gemini => """ "contents":[{"role":"user","parts":[{"text":"Hi"}]}] """,
            BedrockConverse => """ "modelId":"m","messages":[{"role":"user","content":[{"text":"Hi"}]}] """,
            _ => """ "model":"m","messages":[{"role":"user","content":"Hi"}] """,
        };
        var request = Run.Request(client, provider, $$"""{ {{turn}},{{members}} }""", Run.OptionsOf(client));
        string.Join(", ", request.Adapted).ShouldBe(told);
    }

    [Theory]
    [InlineData("claude-opus-4-8", "high", """{"type":"adaptive","display":"summarized"}""", "high")]
    [InlineData("claude-opus-5", "xhigh", """{"type":"adaptive","display":"summarized"}""", "xhigh")]
    [InlineData("claude-opus-5", "minimal", """{"type":"adaptive","display":"summarized"}""", "low")]
    [InlineData("claude-opus-4-6", "xhigh", """{"type":"adaptive"}""", "high")]
    [InlineData("us.anthropic.claude-sonnet-5-v1:0", "medium", """{"type":"adaptive","display":"summarized"}""", "medium")]
    [InlineData("claude-sonnet-4-5", "medium", """{"type":"enabled","budget_tokens":4096}""", null)]
    [InlineData("claude-haiku-4-5-20251001", "low", """{"type":"enabled","budget_tokens":1024}""", null)]
    [InlineData("claude-3-5-haiku-latest", "high", null, null)]
    [InlineData("claude-opus-5", "none", """{"type":"disabled"}""", null)]
    [InlineData("claude-opus-4-8", "none", null, null)]
    [InlineData("claude-sonnet-5-5", "none", """{"type":"between_tools"}""", null)]
    [InlineData("claude-opus-5-5", "none", """{"type":"adaptive"}""", "low")]
    [InlineData("claude-fable-5-1", "none", """{"type":"adaptive"}""", "low")]
    public void An_effort_becomes_the_way_in_which_each_Claude_is_told_to_think(string model, string effort, string? thinking, string? said)
    {
        var request = Run.Request(OpenAiChat, Anthropic, $$"""{"model":"{{model}}","messages":[{{Hi}}],"reasoning_effort":"{{effort}}","max_tokens":50000}""");
        var body = JsonElement.Parse(request.Body.Span);
        Member(body, "thinking").ShouldBe(thinking);
        Member(body, "output_config").ShouldBe(said is null ? null : $$"""{"effort":"{{said}}"}""");
    }

    [Theory]
    [InlineData("gpt-5.6-sol", 0L, "none")]
    [InlineData("gpt-5.6-sol", 31_999L, "high")]
    [InlineData("gpt-5.6-sol", 2_000L, "low")]
    [InlineData("gpt-6.1-sol", 0L, "low")]
    [InlineData("gpt-5-mini", 0L, "minimal")]
    [InlineData("gpt-4o", 4096L, null)]
    public void A_budget_becomes_an_effort_of_the_models(string model, long budget, string? effort)
    {
        var thinking = budget == 0 ? """{"type":"disabled"}""" : $$"""{"type":"enabled","budget_tokens":{{budget}}}""";
        var body = Run.Body(Anthropic, OpenAiResponses, $$"""{"model":"{{model}}","max_tokens":50000,"thinking":{{thinking}},"messages":[{{Hi}}]}""", Catalogued(model));
        if (effort is null) body.TryGetProperty("reasoning", out _).ShouldBeFalse();
        else body.GetProperty("reasoning").GetProperty("effort").GetString().ShouldBe(effort);
    }

    [Theory]
    [InlineData("gemini-2.5-pro", "max", """{"thinkingBudget":32768,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-pro", "none", """{"thinkingBudget":128}""")]
    [InlineData("gemini-2.5-flash", "max", """{"thinkingBudget":24576,"includeThoughts":true}""")]
    [InlineData("gemini-2.5-flash", "none", """{"thinkingBudget":0}""")]
    [InlineData("gemini-3.5-flash", "none", """{"thinkingLevel":"minimal"}""")]
    [InlineData("gemini-3.8-flash", "none", """{"thinkingLevel":"low"}""")]
    [InlineData("gemini-3.8-flash", "xhigh", """{"thinkingLevel":"high","includeThoughts":true}""")]
    [InlineData("gemini-2.0-flash", "high", null)]
    public void Geminis_levels_and_budgets_stay_within_the_models(string model, string effort, string? config)
    {
        var body = Run.Body(OpenAiChat, Gemini, $$"""{"model":"{{model}}","messages":[{{Hi}}],"reasoning_effort":"{{effort}}"}""", Catalogued(model));
        Member(body.GetProperty("generationConfig"), "thinkingConfig").ShouldBe(config);
    }

    [Theory]
    [InlineData("claude-opus-4-8", "", "temperature, top_p")]
    [InlineData("claude-sonnet-4-5", "temperature", "top_p")]
    [InlineData("claude-sonnet-4-6", "temperature", "top_p")]
    [InlineData("claude-3-5-haiku-latest", "temperature top_p", "")]
    public void Claude_gets_the_sampling_that_it_takes_and_the_caller_is_told(string model, string kept, string left)
    {
        var request = Run.Request(OpenAiChat, Anthropic, $$"""{"model":"{{model}}","messages":[{{Hi}}],"temperature":0.5,"top_p":0.9}""");
        var body = JsonElement.Parse(request.Body.Span);
        string.Join(' ', new[] { "temperature", "top_p" }.Where(name => body.TryGetProperty(name, out _))).ShouldBe(kept);
        string.Join(", ", request.Adapted).ShouldBe(left);
    }

    [Theory]
    [InlineData("gpt-5.6-sol", OpenAiResponses, "", false)]
    [InlineData("gpt-5.6-sol", OpenAiResponses, ",\"thinking\":{\"type\":\"disabled\"}", true)]
    [InlineData("gpt-5.4", OpenAiResponses, "", true)]
    [InlineData("gpt-5.4", OpenAiResponses, ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4096}", false)]
    [InlineData("gpt-5", OpenAiChat, "", false)]
    [InlineData("gpt-4o", OpenAiChat, "", true)]
    public void GPT_gets_a_temperature_only_while_it_does_not_reason(string model, WireFormat format, string thinking, bool isKept)
    {
        var request = Run.Request(Anthropic, format, $$"""{"model":"{{model}}","max_tokens":9000,"temperature":0.2{{thinking}},"messages":[{{Hi}}]}""", Catalogued(model));
        JsonElement.Parse(request.Body.Span).TryGetProperty("temperature", out _).ShouldBe(isKept);
        request.Adapted.Contains("temperature").ShouldBe(!isKept);
    }

    [Fact]
    public void Tools_beside_reasoning_are_for_responses_and_chats_get_them_without()
    {
        const string Body = """{"model":"gpt-5.6-sol","max_tokens":9000,"tools":[{"name":"f","input_schema":{"type":"object"}}],"thinking":{"type":"enabled","budget_tokens":4096},"messages":[{"role":"user","content":"Hi"}]}""";
        Run.Body(Anthropic, OpenAiResponses, Body, Catalogued("gpt-5.6-sol")).GetProperty("reasoning").GetProperty("effort").GetString().ShouldBe("medium");
        var chat = Run.Request(Anthropic, OpenAiChat, Body, Catalogued("gpt-5.6-sol"));
        JsonElement.Parse(chat.Body.Span).GetProperty("reasoning_effort").GetString().ShouldBe("none");
        chat.Adapted.ShouldContain("reasoning_effort=none");

        // Models that always reason have no way out.
        var (request, issue) = Run.Try(Anthropic, OpenAiChat, Body.Replace("gpt-5.6-sol", "gpt-6.1-sol", StringComparison.Ordinal), Catalogued("gpt-6.1-sol"));
        (request, issue!.Value.Field).ShouldBe((null, "tools"));
        issue.Value.Message.ShouldContain("/v1/responses");
    }

    [Fact]
    public void A_long_tag_of_the_user_becomes_a_hash_that_stays()
    {
        var body = $$$"""{"model":"gpt-5.6-sol","max_tokens":99,"metadata":{"user_id":"{{{new string('u', 150)}}}"},"messages":[{{{Hi}}}]}""";
        var first = Run.Request(Anthropic, OpenAiResponses, body);
        var user = JsonElement.Parse(first.Body.Span).GetProperty("user").GetString()!;
        user.Length.ShouldBe(64);
        JsonElement.Parse(Run.Request(Anthropic, OpenAiResponses, body).Body.Span).GetProperty("user").GetString().ShouldBe(user);
        first.Adapted.ShouldBe(["user=sha256"]);
        Run.Body(Anthropic, OpenAiChat, """{"model":"m","max_tokens":9,"metadata":{"user_id":"short"},"messages":[{"role":"user","content":"Hi"}]}""").GetProperty("user").GetString().ShouldBe("short");
    }

    [Fact]
    public void Claude_Codes_billing_line_goes_to_no_other_provider()
    {
        var system = """[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1; cch=a1b2c;"},{"type":"text","text":"You are Claude Code."}]""";
        Run.Body(Anthropic, OpenAiChat, $$"""{"model":"m","max_tokens":9,"system":{{system}},"messages":[{{Hi}}]}""").GetProperty("messages")[0].GetProperty("content").GetString()
            .ShouldBe("You are Claude Code.");
    }

    [Theory]
    [InlineData("mcp__plugin_playwright_playwright__browser_take_screenshot_of_the_whole_page_and_more", OpenAiChat)]
    [InlineData("files.read", OpenAiChat)]
    [InlineData("server:tool", OpenAiResponses)]
    [InlineData("files.read", BedrockConverse)]
    [InlineData("9lives", Gemini)]
    public void Names_of_tools_that_a_format_does_not_take_are_mapped_and_mapped_back(string name, WireFormat provider)
    {
        var body = $$$"""
            {"model":"m","max_tokens":9,"tools":[{"name":"{{{name}}}","input_schema":{"type":"object"}},{"name":"plain","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"{{{name}}}"},
            "messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"{{{name}}}","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"1"}]}]}
            """;
        var request = Run.Request(Anthropic, provider, body);
        var sent = System.Text.Encoding.UTF8.GetString(request.Body.Span);
        sent.ShouldNotContain($"\"{name}\"");
        sent.ShouldContain("\"plain\"");
        request.Adapted.ShouldContain("tools.name");
        var told = ToolNames(JsonElement.Parse(sent)).ShouldHaveSingleItem();
        System.Text.RegularExpressions.Regex.IsMatch(told, "^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$").ShouldBeTrue(told);
        var answer = Run.Answer(request, Calls.Answer(provider, told, "{}"));
        answer.GetProperty("content")[0].GetProperty("name").GetString().ShouldBe(name);
        System.Text.Encoding.UTF8.GetString(Run.Stream(request, Calls.Stream(provider, told, "{}", 2))).ShouldContain($"\"name\":\"{name}\"");
    }

    [Fact]
    public void Two_names_that_would_become_one_stay_two()
    {
        var body = Run.Body(Anthropic, OpenAiChat, """{"model":"m","max_tokens":9,"tools":[{"name":"a.b","input_schema":{"type":"object"}},{"name":"a_b","input_schema":{"type":"object"}},{"name":"a:b","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Hi"}]}""");
        body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void OpenAI_gets_objects_with_properties_and_arrays_with_items()
    {
        var body = Run.Body(Anthropic, OpenAiResponses, """{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"}},{"name":"g","input_schema":{"type":"object","properties":{"l":{"type":"array"}}}},{"name":"h","input_schema":{}}],"messages":[{"role":"user","content":"Hi"}]}""");
        body.GetProperty("tools").EnumerateArray().Select(tool => Run.Text(tool.GetProperty("parameters"))).ShouldBe(
        [
            """{"type":"object","properties":{}}""",
            """{"type":"object","properties":{"l":{"type":"array","items":{}}}}""",
            """{"type":"object","properties":{}}""",
        ]);
    }

    [Fact]
    public void Gemini_gets_arrays_with_items_tuples_included()
    {
        var body = Run.Body(Anthropic, Gemini, """{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object","properties":{"l":{"type":"array"},"t":{"type":"array","prefixItems":[{"type":"integer"}]},"s":{"type":"string","items":{"type":"string"}}}}}],"messages":[{"role":"user","content":"Hi"}]}""");
        Run.Text(body.GetProperty("tools")[0].GetProperty("functionDeclarations")[0].GetProperty("parameters").GetProperty("properties")).ShouldBe(
            """{"l":{"type":"array","items":{}},"t":{"type":"array","items":{"anyOf":[{"type":"integer"}]}},"s":{"type":"string"}}""");
    }

    [Fact]
    public void Results_of_parallel_calls_stay_with_their_calls_whatever_their_order()
    {
        var body = Run.Body(OpenAiChat, Gemini, """
            {"model":"m","messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},{"id":"b","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},
            {"role":"tool","tool_call_id":"b","content":"19"},{"role":"tool","tool_call_id":"a","content":"3"}]}
            """);
        Run.Text(body.GetProperty("contents")[2].GetProperty("parts")).ShouldBe(
            """[{"functionResponse":{"name":"weather","response":{"result":"3"}}},{"functionResponse":{"name":"weather","response":{"result":"19"}}}]""");
    }

    /// <summary>ai.google.dev/gemini-api/docs/function-calling, "Multimodal function responses".</summary>
    [Fact]
    public void Pictures_in_Googles_function_responses_reach_every_other_format()
    {
        const string Request = """
            {"contents":[{"role":"user","parts":[{"text":"Look"}]},{"role":"model","parts":[{"functionCall":{"name":"screen","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"screen","response":{"output":"1x1"},"parts":[{"inlineData":{"mimeType":"image/png","data":"aGk="}}]}}]}]}
            """;
        Run.Text(Run.Body(Gemini, Anthropic, Request).GetProperty("messages")[2].GetProperty("content")[0].GetProperty("content")).ShouldBe(
            """[{"type":"text","text":"1x1"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]""");
        Run.Text(Run.Body(Gemini, OpenAiResponses, Request).GetProperty("input")[2].GetProperty("output")).ShouldContain("data:image/png;base64,aGk=");
        Run.Text(Run.Body(Gemini, OpenAiChat, Request).GetProperty("messages")).ShouldContain("data:image/png;base64,aGk=");
        Run.Text(Run.Body(Gemini, BedrockConverse, Request).GetProperty("messages")[2]).ShouldContain("\"image\"");
        Run.Text(Run.Body(Gemini, Gemini, Request)).ShouldContain("aGk=");
    }

    /// <summary>ai.google.dev/gemini-api/docs/thinking: a budget of -1 is dynamic thinking, and <c>includeThoughts</c> shows it.</summary>
    [Theory]
    [InlineData("claude-opus-5-5", "{\"includeThoughts\":true}", """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-4-8", "{\"thinkingLevel\":\"high\"}", """{"type":"adaptive"}""")]
    [InlineData("claude-opus-4-6", "{\"thinkingBudget\":-1}", """{"type":"adaptive"}""")]
    [InlineData("claude-sonnet-4-5", "{\"thinkingBudget\":-1,\"includeThoughts\":true}", """{"type":"enabled","budget_tokens":4096}""")]
    [InlineData("claude-opus-4-6", "{\"includeThoughts\":false}", null)]
    public void A_client_of_Googles_leaves_it_to_Claude_how_much_it_thinks(string model, string config, string? thinking)
    {
        var request = $$$"""{"model":"{{{model}}}","contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"thinkingConfig":{{{config}}}}}""";
        Member(Run.Body(Gemini, Anthropic, request, Catalogued(model)), "thinking").ShouldBe(thinking);
    }

    /// <summary>platform.claude.com, What's new in Claude Opus 4.7: thoughts are left out by default from there on, and shown with
    /// <c>display: summarized</c>. Earlier models show them anyway.</summary>
    [Theory]
    [InlineData("claude-opus-4-7", """{"model":"m","reasoning_effort":"high","messages":[{"role":"user","content":"Hi"}]}""", """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-sonnet-5", """{"model":"m","reasoning_effort":"high","messages":[{"role":"user","content":"Hi"}]}""", """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-4-6", """{"model":"m","reasoning_effort":"high","messages":[{"role":"user","content":"Hi"}]}""", """{"type":"adaptive"}""")]
    [InlineData("claude-opus-4-7", """{"model":"m","reasoning":{"effort":"high","summary":"auto"},"input":"Hi"}""", """{"type":"adaptive","display":"summarized"}""")]
    [InlineData("claude-opus-4-7", """{"model":"m","reasoning":{"effort":"high"},"input":"Hi"}""", """{"type":"adaptive"}""")]
    [InlineData("claude-haiku-5-5", """{"model":"m","reasoning_effort":"none","messages":[{"role":"user","content":"Hi"}]}""", """{"type":"disabled"}""")]
    public void Claude_shows_its_thoughts_to_who_wants_to_read_them(string model, string request, string thinking)
    {
        var client = request.Contains("\"input\"", StringComparison.Ordinal) ? OpenAiResponses : OpenAiChat;
        Member(Run.Body(client, Anthropic, request.Replace("\"m\"", $"\"{model}\"", StringComparison.Ordinal), Catalogued(model)), "thinking").ShouldBe(thinking);
    }

    [Fact]
    public void An_answer_that_Gemini_CLI_says_twice_is_one_and_another_answer_to_the_same_call_is_none()
    {
        const string Call = """{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{}}}]}""";
        const string Answer = """{"functionResponse":{"id":"a","name":"f","response":{"output":"1"}}}""";
        var messages = Run.Body(Gemini, OpenAiChat, $$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{{Call}},{"role":"user","parts":[{{Answer}},{{Answer}}]}]}""").GetProperty("messages");
        messages.GetArrayLength().ShouldBe(3);

        var other = Answer.Replace("\"1\"", "\"2\"", StringComparison.Ordinal);
        Run.Refusal(Gemini, OpenAiChat, $$"""{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{{Call}},{"role":"user","parts":[{{Answer}},{{other}}]}]}""")
            .Message.ShouldContain("does not answer an earlier call");
    }

    /// <summary>api-docs.deepseek.com/guides/thinking_mode: "If your code does not correctly pass back reasoning_content, the API will return a 400
    /// error." A field that is left out is refused, an empty one is not.</summary>
    [Fact]
    public void Models_that_want_their_thoughts_back_get_them_with_each_call()
    {
        const string Request = """
            {"model":"deepseek-v4-pro","max_tokens":900,"tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Hi"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"I need f.","signature":"s"},{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"b","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"b","content":"2"}]}]}
            """;
        var messages = Run.Body(Anthropic, OpenAiChat, Request, Catalogued("deepseek-v4-pro")).GetProperty("messages");
        messages[1].GetProperty("reasoning_content").GetString().ShouldBe("I need f.");
        messages[3].GetProperty("reasoning_content").GetString().ShouldBe("");
        Run.Text(Run.Body(Anthropic, OpenAiChat, Request)).ShouldNotContain("reasoning_content");
    }

    [Fact]
    public void Marks_for_Claudes_cache_in_chats_are_kept()
    {
        var body = Run.Body(OpenAiChat, Anthropic, """
            {"model":"m","messages":[{"role":"system","content":[{"type":"text","text":"Rules","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
            {"role":"user","content":"Hi","cache_control":{"type":"ephemeral"}}],"tools":[{"type":"function","function":{"name":"f"},"cache_control":{"type":"ephemeral"}}]}
            """);
        Run.Text(body.GetProperty("system")[0].GetProperty("cache_control")).ShouldBe("""{"type":"ephemeral","ttl":"1h"}""");
        Run.Text(body.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("cache_control")).ShouldBe("""{"type":"ephemeral"}""");
        Run.Text(body.GetProperty("tools")[0].GetProperty("cache_control")).ShouldBe("""{"type":"ephemeral"}""");
    }

    [Theory]
    [InlineData("claude-opus-4-6")]
    [InlineData("claude-opus-5-5")]
    public void A_begun_answer_is_refused_by_name_where_the_model_refuses_it(string model)
    {
        var issue = Run.Refusal(OpenAiChat, Anthropic, $$"""{"model":"{{model}}","messages":[{{Hi}},{"role":"assistant","content":"{"}]}""");
        (issue.Field, issue.Fault).ShouldBe(("messages", TranslationFault.Unsupported));
        Run.Body(OpenAiChat, Anthropic, $$"""{"model":"claude-sonnet-4-5","messages":[{{Hi}},{"role":"assistant","content":"{"}]}""").GetProperty("messages").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void A_forced_tool_is_refused_by_name_where_the_model_refuses_it_and_ends_thinking_elsewhere()
    {
        const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\"";
        Run.Refusal(OpenAiChat, Anthropic, $$"""{"model":"claude-opus-5-5","messages":[{{Hi}}],{{Tools}}}""").Field.ShouldBe("tool_choice");
        Member(Run.Body(OpenAiChat, Anthropic, $$"""{"model":"claude-opus-5","messages":[{{Hi}}],{{Tools}}}"""), "thinking").ShouldBe("""{"type":"disabled"}""");
    }

    [Fact]
    public void A_schema_goes_into_its_own_member_where_no_tool_can_be_forced()
    {
        var request = Run.Request(OpenAiChat, Anthropic, """{"model":"claude-opus-5-5","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{"type":"object","properties":{"n":{"type":"integer","minimum":1}}}}}}""");
        var body = JsonElement.Parse(request.Body.Span);
        Member(body, "output_config").ShouldBe("""{"format":{"type":"json_schema","schema":{"type":"object","properties":{"n":{"type":"integer"}},"additionalProperties":false}}}""");
        body.TryGetProperty("tools", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(BedrockConverse)]
    public void A_system_prompt_alone_and_a_greeting_by_the_model_get_an_opening_by_the_user(WireFormat provider)
    {
        foreach (var messages in new[] { """{"role":"system","content":"Write a haiku."}""", """{"role":"assistant","content":"Welcome!"},{"role":"user","content":"Hi"}""" })
        {
            var request = Run.Request(OpenAiChat, provider, $$"""{"model":"m","messages":[{{messages}}]}""");
            JsonElement.Parse(request.Body.Span).GetProperty("messages")[0].GetProperty("role").GetString().ShouldBe("user");
            request.Adapted.ShouldContain("messages[0]=opening");
        }
    }

    [Fact]
    public void Blank_texts_do_not_reach_Claude()
    {
        var request = Run.Request(OpenAiChat, Anthropic, $$"""{"model":"m","messages":[{"role":"system","content":" "},{"role":"user","content":[{"type":"text","text":"\n"},{"type":"text","text":"Hi"}]},{"role":"assistant","content":"\n\n"},{{Hi}}]}""");
        Run.Text(JsonElement.Parse(request.Body.Span).GetProperty("messages")).ShouldBe("""[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"Hi"}]}]""");
        request.Adapted.ShouldBe(["blank_text"]);
    }

    [Fact]
    public void Bedrock_is_told_the_tools_of_a_conversation_that_offers_none_any_more()
    {
        var body = Run.Body(OpenAiChat, BedrockConverse, """{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"3"}]}""");
        var spec = body.GetProperty("toolConfig").GetProperty("tools").EnumerateArray().ShouldHaveSingleItem().GetProperty("toolSpec");
        spec.GetProperty("name").GetString().ShouldBe("weather");
        spec.GetProperty("inputSchema").GetProperty("json").GetProperty("type").GetString().ShouldBe("object");
    }

    [Fact]
    public void Max_tokens_leave_room_for_thoughts_within_what_the_model_can_answer()
    {
        const string Body = """{"model":"claude-opus-4-1","messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"max","max_tokens":8000}""";
        var body = Run.Body(OpenAiChat, Anthropic, Body, Catalogued("claude-opus-4-1", most: 32_000));
        body.GetProperty("max_tokens").GetInt32().ShouldBe(32_000);
        body.GetProperty("thinking").GetProperty("budget_tokens").GetInt32().ShouldBe(24_000);

        // A model that always thinks would spend Anthropic's usual 4,096 on thoughts alone.
        Run.Body(OpenAiChat, Anthropic, $$"""{"model":"claude-opus-5-5","messages":[{{Hi}}]}""").GetProperty("max_tokens").GetInt32().ShouldBeGreaterThan(16_384);
    }

    [Theory]
    [InlineData("Say one. END and more", "Say one. ", true)]
    [InlineData("Say one. EN", "Say one. EN", false)]
    [InlineData("END", "", true)]
    public void Answers_end_at_stop_sequences_that_the_model_does_not_take(string said, string expected, bool isStopped)
    {
        var request = Run.Request(Anthropic, OpenAiResponses, """{"model":"gpt-5.6-sol","max_tokens":9,"stop_sequences":["END"],"messages":[{"role":"user","content":"Hi"}]}""");
        request.Adapted.ShouldContain("stop=applied_by_gateway");
        JsonElement.Parse(request.Body.Span).TryGetProperty("stop", out _).ShouldBeFalse();
        var whole = Run.Answer(request, $$$"""{"id":"resp_9","status":"completed","model":"x","output":[{"type":"message","content":[{"type":"output_text","text":"{{{said}}}"}]}],"usage":{"input_tokens":3,"output_tokens":2}}""");
        string.Concat(whole.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("text").GetString())).ShouldBe(expected);
        whole.GetProperty("stop_reason").GetString().ShouldBe(isStopped ? "stop_sequence" : "end_turn");
        whole.GetProperty("stop_sequence").GetString().ShouldBe(isStopped ? "END" : null);
        for (var length = 1; length <= 4; length++)
        {
            var bytes = Samples.Events(
            [
                """{"type":"response.created","response":{"id":"resp_9","model":"x"}}""",
                """{"type":"response.output_item.added","output_index":0,"item":{"type":"message"}}""",
                .. said.Chunk(length).Select(piece => $$"""{"type":"response.output_text.delta","output_index":0,"delta":"{{new string(piece)}}"}"""),
                """{"type":"response.output_item.done","output_index":0,"item":{"type":"message"}}""",
                """{"type":"response.completed","response":{"id":"resp_9","status":"completed","usage":{"input_tokens":3,"output_tokens":2}}}""",
            ]);
            var events = Seen.Data(Run.Stream(request, bytes)).Select(data => JsonElement.Parse(data)).ToList();
            string.Concat(events.Where(data => data.GetProperty("type").GetString() == "content_block_delta").Select(data => data.GetProperty("delta").GetProperty("text").GetString()))
                .ShouldBe(expected, $"pieces of {length}");
            events.Single(data => data.GetProperty("type").GetString() == "message_delta").GetProperty("delta").GetProperty("stop_reason").GetString()
                .ShouldBe(isStopped ? "stop_sequence" : "end_turn");
        }
    }

    [Fact]
    public void A_call_that_Gemini_could_not_form_is_an_error_and_no_empty_turn()
    {
        var request = Run.Plain(Anthropic, Gemini);
        const string Answer = """{"candidates":[{"content":{},"finishReason":"MALFORMED_FUNCTION_CALL","finishMessage":"Malformed function call: x"}],"usageMetadata":{"promptTokenCount":3,"totalTokenCount":3}}""";
        request.TryTranslateAnswer(System.Text.Encoding.UTF8.GetBytes(Answer), new System.Buffers.ArrayBufferWriter<byte>(), out var issue).ShouldBeFalse();
        issue!.Value.Message.ShouldContain("MALFORMED_FUNCTION_CALL");
        System.Text.Encoding.UTF8.GetString(Run.Stream(Run.Plain(Anthropic, Gemini, stream: true), Samples.Events(Answer))).ShouldContain("event: error");
    }

    [Fact]
    public void Azures_empty_id_becomes_one_of_our_own()
    {
        var stream = Run.Stream(Run.Plain(Anthropic, OpenAiChat, stream: true), Samples.Events(
            """{"id":"","model":"","choices":[],"prompt_filter_results":[]}""",
            """{"id":"chatcmpl-9","model":"gpt-x","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}""",
            "[DONE]"));
        JsonElement.Parse(Seen.Data(stream)[0]).GetProperty("message").GetProperty("id").GetString().ShouldBe("msg_A1");
    }

    [Fact]
    public void A_stream_begins_with_the_usage_that_the_provider_tells_first()
    {
        var stream = Run.Stream(Run.Plain(Anthropic, Gemini, stream: true), Samples.Events(
            """{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":1,"totalTokenCount":31}}""",
            """{"candidates":[{"content":{"parts":[{"text":"."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":30,"candidatesTokenCount":2,"totalTokenCount":32}}"""));
        JsonElement.Parse(Seen.Data(stream)[0]).GetProperty("message").GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBe(30);
    }

    private static List<string> ToolNames(JsonElement body)
    {
        var tools = body.TryGetProperty("toolConfig", out var config) && config.TryGetProperty("tools", out var specs) ? specs : body.GetProperty("tools");
        if (tools[0].TryGetProperty("functionDeclarations", out var declarations)) tools = declarations;
        return [.. tools.EnumerateArray()
            .Select(tool => tool.TryGetProperty("toolSpec", out var spec) ? spec : tool.TryGetProperty("function", out var function) ? function : tool)
            .Select(tool => tool.GetProperty("name").GetString()!)
            .Where(name => name != "plain")];
    }

    /// <summary>What the catalogue says of a model, in its words, with its family's.</summary>
    private static TranslationOptions Catalogued(string model, long? most = null)
    {
        var words = model switch
        {
            "gpt-5.6-sol" => "effort:none,low,medium,high,xhigh,max",
            "gpt-6.1-sol" => "effort:low,medium,high,xhigh,max",
            "gpt-5.4" => "effort:none,low,medium,high,xhigh temperature:no",
            "gpt-5" or "gpt-5-mini" => "effort:minimal,low,medium,high temperature:no",
            "deepseek-v4-pro" => "effort:high,max thoughts:back",
            "gemini-3.5-flash" => "effort:minimal,low,medium,high",
            "gemini-3.8-flash" => "effort:low,medium,high",
            _ => null,
        };
        var entry = new CatalogueModel { Id = model, Profile = words, MaxOutputTokens = most, Price = new ModelPrice { Input = 1, Output = 1 } };
        return Run.Options with { ProfileOf = name => name == model ? ModelProfile.Of(entry) : null };
    }

    private static string? Member(JsonElement body, string name) => body.TryGetProperty(name, out var value) ? Run.Text(value) : null;
}
