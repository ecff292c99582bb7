using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Parts;
using Lava.Core.Translation.Conversations.Tools;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Sessions as coding agents hold them: cached system blocks, tools with rich schemas, parallel calls with pictures in their answers, thoughts, odd ids.</summary>
public sealed class AgentTests
{
    private const string Session = """
        {"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true,"metadata":{"user_id":"user_1"},"thinking":{"type":"enabled","budget_tokens":10000},
        "system":[{"type":"text","text":"You are a coding agent.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"Be careful.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
        "tools":[{"name":"Read","description":"Reads a file.","input_schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,
          "properties":{"path":{"type":"string","description":"Where."},"limit":{"type":["integer","null"],"exclusiveMinimum":0},"mode":{"anyOf":[{"type":"string","enum":["a","b"]},{"type":"null"}]},"edits":{"type":"array","items":{"$ref":"#/$defs/edit"}}},
          "required":["path","gone"],"$defs":{"edit":{"type":"object","properties":{"old":{"type":"string"},"kind":{"const":"x"}}}}},"cache_control":{"type":"ephemeral"}}],
        "messages":[
        {"role":"user","content":[{"type":"text","text":"<system-reminder>Now.</system-reminder>"},{"type":"text","text":"Fix it."}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"text","text":"Looking."},{"type":"tool_use","id":"toolu_01","name":"Read","input":{"path":"a.cs"}},{"type":"tool_use","id":"toolu.02","name":"Read","input":{"path":"b.png"}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01","content":"class A;"},{"type":"tool_result","tool_use_id":"toolu.02","content":[{"type":"text","text":"A picture:"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]},{"type":"text","text":"Go on.","cache_control":{"type":"ephemeral"}}]}]}
        """;

    [Fact]
    public void OpenAI_gets_answers_of_tools_before_the_rest_pictures_after_them_and_legal_ids()
    {
        var body = Run.Body(Anthropic, OpenAiChat, Session);
        var messages = body.GetProperty("messages");
        messages.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["system", "user", "assistant", "tool", "tool", "user"]);
        messages[0].GetProperty("content").GetString().ShouldBe("You are a coding agent.\n\nBe careful.");
        messages[2].GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("id").GetString()).ShouldBe(["toolu_01", "call_1"]);
        messages[4].GetProperty("tool_call_id").GetString().ShouldBe("call_1");
        Run.Text(messages[5].GetProperty("content")).ShouldBe("""[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}},{"type":"text","text":"Go on."}]""");
        Run.Text(body).ShouldNotContain("cache_control");
        Run.Text(body).ShouldNotContain("Hm.");
        body.GetProperty("reasoning_effort").GetString().ShouldBe("medium");
    }

    [Fact]
    public void Instructions_between_the_turns_go_to_the_beginning()
    {
        const string Told = """{"model":"m","max_tokens":5,"system":"First.","messages":[{"role":"user","content":"Hi"},{"role":"system","content":[{"type":"text","text":"Later."}]},{"role":"user","content":"Go"}]}""";
        var messages = Run.Body(Anthropic, OpenAiChat, Told).GetProperty("messages");
        messages[0].GetProperty("content").GetString().ShouldBe("First.\n\nLater.");
        messages.EnumerateArray().Skip(1).ShouldAllBe(message => message.GetProperty("role").GetString() == "user");
    }

    [Fact]
    public void Google_gets_names_for_ids_and_schemas_in_its_dialect()
    {
        var body = Run.Body(Anthropic, Gemini, Session);
        Run.Text(body.GetProperty("tools")[0].GetProperty("functionDeclarations")[0].GetProperty("parameters")).ShouldBe(
            """{"type":"object","properties":{"path":{"type":"string","description":"Where."},"limit":{"type":"integer","nullable":true},"mode":{"type":"string","nullable":true,"enum":["a","b"]},"edits":{"type":"array","items":{"type":"object","properties":{"old":{"type":"string"},"kind":{"type":"string","enum":["x"]}}}}},"required":["path"]}""");
        Run.Text(body.GetProperty("contents")[2].GetProperty("parts")).ShouldBe(
            """[{"functionResponse":{"name":"Read","response":{"result":"class A;"}}},{"functionResponse":{"name":"Read","response":{"result":"A picture:"}}},{"inlineData":{"mimeType":"image/png","data":"aGk="}},{"text":"Go on."}]""");
        Run.Text(body.GetProperty("generationConfig").GetProperty("thinkingConfig")).ShouldBe("""{"thinkingBudget":10000,"includeThoughts":true}""");
    }

    [Fact]
    public void Bedrock_keeps_cache_marks_and_signed_thoughts()
    {
        var body = Run.Body(Anthropic, BedrockConverse, Session);
        Run.Text(body.GetProperty("system")).ShouldBe(
            """[{"text":"You are a coding agent."},{"cachePoint":{"type":"default"}},{"text":"Be careful."},{"cachePoint":{"type":"default","ttl":"1h"}}]""");
        Run.Text(body.GetProperty("messages")[1].GetProperty("content")[0]).ShouldBe("""{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s"}}}""");
        body.GetProperty("messages")[1].GetProperty("content")[3].GetProperty("toolUse").GetProperty("toolUseId").GetString().ShouldBe("tooluse_1");
        Run.Text(body.GetProperty("additionalModelRequestFields")).ShouldBe("""{"thinking":{"type":"enabled","budget_tokens":10000}}""");
        body.GetProperty("toolConfig").GetProperty("tools").GetArrayLength().ShouldBe(2, "the tool and its cache mark");
    }

    [Fact]
    public void Every_provider_takes_the_session_and_the_model_that_was_put_in_its_place()
    {
        foreach (var provider in Run.Formats.Where(format => format != Anthropic))
        {
            var request = Run.Request(Anthropic, provider, Session, Run.Options with { Model = "another" });
            request.Model.ShouldBe("another");
            request.Stream.ShouldBeTrue();
            request.AnswerType.ShouldBe("text/event-stream");
        }
    }

    /// <summary>Anthropic refuses to think on in the middle of calls whose thoughts are not there, which an OpenAI client cannot send back.</summary>
    [Fact]
    public void Claude_does_not_think_between_calls_whose_thoughts_are_lost()
    {
        const string Loop = """{"model":"m","reasoning_effort":"low","messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}],"tools":[{"type":"function","function":{"name":"f"}}]}""";
        Run.Body(OpenAiChat, Anthropic, Loop).TryGetProperty("thinking", out _).ShouldBeFalse();
        Run.Body(OpenAiChat, Anthropic, Loop.Replace("\"1\"}]", "\"1\"},{\"role\":\"assistant\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"r\"}]", StringComparison.Ordinal)).TryGetProperty("thinking", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(OpenAiChat, "gpt-4o", false)]
    [InlineData(OpenAiChat, "gpt-5-mini", true)]
    [InlineData(OpenAiChat, "openai/o3", true)]
    [InlineData(OpenAiChat, "qwen-3", true)]
    [InlineData(OpenAiResponses, "gpt-4.1", false)]
    [InlineData(Gemini, "gemini-2.0-flash", false)]
    [InlineData(Gemini, "gemini-2.5-pro", true)]
    [InlineData(BedrockConverse, "anthropic.claude-3-5-haiku-20241022-v1:0", false)]
    [InlineData(BedrockConverse, "amazon.nova-pro-v1:0", false)]
    [InlineData(BedrockConverse, "us.anthropic.claude-sonnet-4-20250514-v1:0", true)]
    public void Only_models_that_think_are_told_how(WireFormat provider, string model, bool expected)
    {
        var body = Run.Text(Run.Body(Anthropic, provider, Session, Run.Options with { Model = model }));
        (body.Contains("\"reasoning", StringComparison.Ordinal) && !body.Contains("reasoningContent\":{\"reasoning", StringComparison.Ordinal) || body.Contains("thinkingConfig", StringComparison.Ordinal) || body.Contains("budget_tokens", StringComparison.Ordinal)).ShouldBe(expected);
    }

    [Fact]
    public void Thinking_that_is_switched_off_is_not_asked_for_in_words_that_few_models_know()
    {
        const string Off = """{"model":"m","max_tokens":9,"thinking":{"type":"disabled"},"messages":[{"role":"user","content":"q"}]}""";
        Run.Body(Anthropic, OpenAiChat, Off).TryGetProperty("reasoning_effort", out _).ShouldBeFalse();
        Run.Body(Anthropic, Gemini, Off).GetProperty("generationConfig").GetProperty("thinkingConfig").GetProperty("thinkingBudget").GetInt32().ShouldBe(0);
    }

    [Fact]
    public void More_tokens_than_the_model_gives_become_what_it_gives() =>
        Run.Body(Anthropic, OpenAiChat, Session, Run.Options with { ProfileOf = static model => model == "claude-sonnet-4-5" ? new ModelProfile { MaxOutputTokens = 16_384 } : null }).GetProperty("max_tokens").GetInt32().ShouldBe(16_384);

    [Fact]
    public void A_schema_beside_tools_is_a_tool_among_them_that_may_be_called_instead()
    {
        var body = Run.Body(OpenAiChat, Anthropic, """{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{"type":"object"}}}}""");
        body.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).ShouldBe(["f", OutputTool.Name]);
        Run.Text(body.GetProperty("tool_choice")).ShouldBe("""{"type":"any"}""");
    }

    [Fact]
    public void Turns_of_one_side_in_a_row_become_one_where_they_must_alternate()
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"assistant","content":"d"},{"role":"user","content":"e"}]}""";
        foreach (var (provider, member) in new[] { (Anthropic, "messages"), (Gemini, "contents"), (BedrockConverse, "messages") })
            Run.Body(OpenAiChat, provider, Body).GetProperty(member).GetArrayLength().ShouldBe(3);
        Run.Body(OpenAiChat, OpenAiResponses, Body).GetProperty("input").GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public void Ids_that_are_not_legal_are_numbered_apart_from_those_that_are()
    {
        IReadOnlyList<Turn> turns =
        [
            new(true, [new ToolCallPart("call_1", "f", ""), new ToolCallPart("a b", "f", ""), new ToolCallPart("", "f", ""), new ToolCallPart(new string('x', 41), "f", "")]),
            new(false, [new ToolResultPart("a b", [], false), new ToolResultPart("call_1", [], false)]),
        ];
        var legal = ToolIds.Legalise(turns, "call_", 40);
        legal[0].Parts.Cast<ToolCallPart>().Select(call => call.Id).ShouldBe(["call_1", "call_2", "call_3", "call_4"]);
        legal[1].Parts.Cast<ToolResultPart>().Select(result => result.CallId).ShouldBe(["call_2", "call_1"]);
    }
}
