using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

public sealed class AnswerTests
{
    [Theory]
    [InlineData("end_turn", "stop", "STOP", "end_turn")]
    [InlineData("max_tokens", "length", "MAX_TOKENS", "max_tokens")]
    [InlineData("tool_use", "stop", "STOP", "end_turn")] // no call came with it
    [InlineData("refusal", "content_filter", "SAFETY", "content_filtered")]
    [InlineData("stop_sequence", "stop", "STOP", "stop_sequence")]
    [InlineData("pause_turn", "stop", "STOP", "end_turn")]
    public void Anthropics_reasons_become_the_clients(string reason, string chat, string google, string bedrock)
    {
        var answer = $$$$"""{"id":"msg_9","type":"message","role":"assistant","model":"c","content":[{"type":"text","text":"a"}],"stop_reason":"{{{{reason}}}}","usage":{"input_tokens":1,"output_tokens":1}}""";
        Run.Answer(Run.Plain(OpenAiChat, Anthropic), answer).GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe(chat);
        Run.Answer(Run.Plain(Gemini, Anthropic), answer).GetProperty("candidates")[0].GetProperty("finishReason").GetString().ShouldBe(google);
        Run.Answer(Run.Plain(BedrockConverse, Anthropic), answer).GetProperty("stopReason").GetString().ShouldBe(bedrock);
    }

    [Theory]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("content_filter", "refusal")]
    public void OpenAIs_reasons_become_Anthropics(string reason, string expected) =>
        Run.Answer(Run.Plain(Anthropic, OpenAiChat), $$$"""{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"{{{reason}}}"}]}""")
            .GetProperty("stop_reason").GetString().ShouldBe(expected);

    [Fact]
    public void A_prompt_that_Google_blocks_is_a_filtered_answer_without_content()
    {
        var answer = Run.Answer(Run.Plain(OpenAiChat, Gemini), """{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5,"totalTokenCount":5}}""");
        Run.Text(answer.GetProperty("choices")[0]).ShouldBe("""{"index":0,"message":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":"content_filter"}""");
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBe(5);
    }

    [Fact]
    public void Thoughts_are_returned_to_OpenAI_clients_beside_the_text()
    {
        const string Claude = """{"id":"m","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"a"}],"stop_reason":"end_turn"}""";
        Run.Text(Run.Answer(Run.Plain(OpenAiChat, Anthropic), Claude).GetProperty("choices")[0].GetProperty("message")).ShouldBe("""{"role":"assistant","content":"a","reasoning_content":"Hm.","refusal":null}""");
        var output = Run.Answer(Run.Plain(OpenAiResponses, Anthropic), Claude).GetProperty("output");
        output[0].GetProperty("summary")[0].GetProperty("text").GetString().ShouldBe("Hm.");
        output[1].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("a");
    }

    [Fact]
    public void Thoughts_keep_their_signatures_within_one_family()
    {
        const string Claude = """{"id":"m","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"eA=="},{"type":"text","text":"a"}],"stop_reason":"end_turn"}""";
        var content = Run.Answer(Run.Plain(BedrockConverse, Anthropic), Claude).GetProperty("output").GetProperty("message").GetProperty("content");
        Run.Text(content).ShouldBe("""[{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s"}}},{"reasoningContent":{"redactedContent":"eA=="}},{"text":"a"}]""");
        var history = Run.Body(BedrockConverse, Anthropic, $$"""{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":{{Run.Text(content)}}},{"role":"user","content":[{"text":"r"}]}]}""");
        Run.Text(history.GetProperty("messages")[1].GetProperty("content")).ShouldBe("""[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"eA=="},{"type":"text","text":"a"}]""");
        Run.Text(Run.Body(BedrockConverse, OpenAiChat, $$"""{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":{{Run.Text(content)}}},{"role":"user","content":[{"text":"r"}]}]}""").GetProperty("messages")[1])
            .ShouldBe("""{"role":"assistant","content":"a"}""");
    }

    /// <summary>One meaning for tokens inside: what was cached is part of the prompt for some providers and beside it for others.</summary>
    [Fact]
    public void Cached_and_reasoning_tokens_are_counted_once_whichever_way_they_go()
    {
        const string Claude = """{"id":"m","content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":7}}""";
        Run.Text(Run.Answer(Run.Plain(OpenAiChat, Anthropic), Claude).GetProperty("usage")).ShouldBe(
            """{"prompt_tokens":125,"completion_tokens":7,"total_tokens":132,"prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":20},"completion_tokens_details":{"reasoning_tokens":0}}""");
        const string Google = """{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":125,"cachedContentTokenCount":100,"candidatesTokenCount":7,"thoughtsTokenCount":50,"totalTokenCount":182}}""";
        Run.Text(Run.Answer(Run.Plain(Anthropic, Gemini), Google).GetProperty("usage")).ShouldBe("""{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":100,"output_tokens":57}""");
        Run.Answer(Run.Plain(OpenAiChat, Gemini), Google).GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBe(50);
        const string OpenAi = """{"id":"c","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":125,"completion_tokens":57,"total_tokens":182,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":{"reasoning_tokens":50}}}""";
        Run.Text(Run.Answer(Run.Plain(Gemini, OpenAiChat), OpenAi).GetProperty("usageMetadata")).ShouldBe("""{"promptTokenCount":125,"candidatesTokenCount":7,"totalTokenCount":182,"cachedContentTokenCount":100,"thoughtsTokenCount":50}""");
        Run.Text(Run.Answer(Run.Plain(BedrockConverse, OpenAiChat), OpenAi).GetProperty("usage")).ShouldBe("""{"inputTokens":25,"outputTokens":57,"totalTokens":182,"cacheReadInputTokens":100}""");
    }

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(BedrockConverse)]
    public void An_answer_that_was_asked_for_by_a_schema_comes_back_as_plain_JSON_text(WireFormat provider)
    {
        var request = Run.Request(OpenAiChat, provider, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{"type":"object"}}}}""");
        var name = Encoding.UTF8.GetString(request.Body.Span).Contains("lava_json_answer", StringComparison.Ordinal) ? "lava_json_answer" : "?";
        var answer = Run.Answer(request, provider == Anthropic
            ? $$$$"""{"id":"m","content":[{"type":"tool_use","id":"t","name":"{{{{name}}}}","input":{"city":"Bern"}}],"stop_reason":"tool_use"}"""
            : $$$$"""{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"{{{{name}}}}","input":{"city":"Bern"}}}]}},"stopReason":"tool_use"}""");
        var choice = answer.GetProperty("choices")[0];
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBe("""{"city":"Bern"}""");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        choice.GetProperty("message").TryGetProperty("tool_calls", out _).ShouldBeFalse();
    }

    [Fact]
    public void Googles_signature_of_a_call_comes_back_to_it_through_an_OpenAI_client()
    {
        var message = Run.Answer(Run.Plain(OpenAiChat, Gemini), Samples.Answer(Gemini)).GetProperty("choices")[0].GetProperty("message");
        var body = Run.Body(OpenAiChat, Gemini, $$"""{"model":"gemini-3-pro","messages":[{"role":"user","content":"q"},{{Run.Text(message)}},{"role":"tool","tool_call_id":"call_A1_1","content":"3"}]}""");
        Run.Text(body.GetProperty("contents")[1].GetProperty("parts")[1]).ShouldBe("""{"functionCall":{"name":"weather","args":{"city":"Zürich"}},"thoughtSignature":"c2ln"}""");
    }

    [Theory]
    [InlineData("gemini-3-pro-preview", true)]
    [InlineData("gemini-2.5-flash", false)]
    public void A_call_that_lost_its_signature_says_so_to_models_that_insist(string model, bool expected)
    {
        var body = Run.Body(Anthropic, Gemini, $$$"""
            {"model":"{{{model}}}","max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}},{"type":"tool_use","id":"b","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"1"},{"type":"tool_result","tool_use_id":"b","content":"2"}]}]}
            """);
        var parts = body.GetProperty("contents")[1].GetProperty("parts");
        parts[0].TryGetProperty("thoughtSignature", out _).ShouldBe(expected);
        parts[1].TryGetProperty("thoughtSignature", out _).ShouldBeFalse("of calls at once the first has it");
    }

    [Fact]
    public void Arguments_that_were_cut_are_passed_on_marked_where_they_must_be_an_object() =>
        Run.Text(Run.Answer(Run.Plain(Anthropic, OpenAiChat), """{"id":"c","choices":[{"index":0,"message":{"tool_calls":[{"id":"x","function":{"name":"f","arguments":"{\"a\":"}}]},"finish_reason":"length"}]}""").GetProperty("content"))
            .ShouldBe("""[{"type":"tool_use","id":"x","name":"f","input":{"_unparsed_arguments":"{\"a\":"}}]""");

    [Fact]
    public void A_call_without_an_id_gets_one_that_no_other_answer_has() =>
        Run.Answer(Run.Plain(Anthropic, OpenAiChat), """{"id":"c","choices":[{"index":0,"message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""")
            .GetProperty("content")[0].GetProperty("id").GetString().ShouldBe("call_A1_1");

    [Fact]
    public void Answers_without_an_id_get_the_callers()
    {
        Run.Answer(Run.Plain(OpenAiChat, BedrockConverse), Samples.Answer(BedrockConverse)).GetProperty("id").GetString().ShouldBe("chatcmpl-A1");
        Run.Answer(Run.Plain(Anthropic, BedrockConverse), Samples.Answer(BedrockConverse)).GetProperty("model").GetString().ShouldBe(Run.Model);
    }

    [Theory]
    [InlineData(OpenAiChat, """{"error":{"message":"No such model.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    [InlineData(OpenAiResponses, """{"error":{"message":"No such model.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    [InlineData(Anthropic, """{"type":"error","error":{"type":"not_found_error","message":"No such model."}}""")]
    [InlineData(Gemini, """{"error":{"code":404,"message":"No such model.","status":"NOT_FOUND"}}""")]
    [InlineData(BedrockConverse, """{"message":"No such model."}""")]
    public void Every_providers_error_has_its_message_in_every_clients_dialect(WireFormat client, string expected)
    {
        foreach (var (provider, body) in new[]
        {
            (OpenAiChat, """{"error":{"message":"No such model.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"""),
            (Anthropic, """{"type":"error","error":{"type":"not_found_error","message":"No such model."},"request_id":"r"}"""),
            (Gemini, """{"error":{"code":404,"message":"No such model.","status":"NOT_FOUND"}}"""),
            (BedrockConverse, """{"message":"No such model."}"""),
        })
        {
            if (provider != client) Run.Error(client, provider, 404, body).ShouldBe(expected, $"{provider} to {client}");
        }
    }

    [Fact]
    public void The_gateways_own_errors_are_in_the_clients_dialect_too()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Translator.WriteError(OpenAiChat, 404, "model_not_found", "No such model.", output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("""{"error":{"message":"No such model.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""");
        Translator.ErrorHeader(BedrockConverse, 429).ShouldBe(KeyValuePair.Create("x-amzn-errortype", "ThrottlingException"));
        Translator.ErrorHeader(Anthropic, 429).ShouldBeNull();
    }

    [Fact]
    public void Without_a_model_in_the_path_there_is_none()
    {
        var (request, issue) = Run.Try(Gemini, Anthropic, """{"contents":[]}""", Run.Options);
        request.ShouldBeNull();
        issue!.Value.Field.ShouldBe("model");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("{\"error\":{\"message\":\"\\ud800\"}}")]
    public void An_error_without_a_readable_message_says_its_status(string body) =>
        Run.Error(Anthropic, OpenAiChat, 502, body).ShouldBe("""{"type":"error","error":{"type":"api_error","message":"The provider answered with status 502."}}""");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"\\ud800\"}}]}")]
    public void An_answer_that_is_none_is_an_issue_and_nothing_is_written(string answer)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Run.Plain(Anthropic, OpenAiChat).TryTranslateAnswer(Encoding.UTF8.GetBytes(answer), output, out var issue).ShouldBeFalse();
        issue!.Value.Fault.ShouldBe(TranslationFault.Malformed);
        output.WrittenCount.ShouldBe(0);
    }
}
