using System.Text.Json;
using Lava.Core.Catalogue;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>Every row of behaviour.md §3.3 as a worked example, from OpenAI's form to the others and back.</summary>
public sealed class MappingTests
{
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly string Agent = $$$"""
        {"model":"m","messages":[
        {"role":"system","content":"Be brief."},
        {"role":"user","content":"How warm is it in Oslo and Rome?"},
        {"role":"assistant","content":"Let me look.","tool_calls":[
          {"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
          {"id":"call_b","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},
        {"role":"tool","tool_call_id":"call_a","content":"3"},
        {"role":"tool","tool_call_id":"call_b","content":"19"},
        {"role":"user","content":"And Bern?"}],
        "tools":[{"type":"function","function":{"name":"weather","description":"Tells degrees.","parameters":{{{Weather}}}}}],"max_tokens":50}
        """;

    [Fact]
    public void A_conversation_with_parallel_calls_becomes_Anthropics() => Run.Text(Run.Body(OpenAiChat, Anthropic, Agent)).ShouldBe(Json($$$"""
        {"model":"m","max_tokens":50,"system":[{"type":"text","text":"Be brief."}],"messages":[
        {"role":"user","content":[{"type":"text","text":"How warm is it in Oslo and Rome?"}]},
        {"role":"assistant","content":[{"type":"text","text":"Let me look."},{"type":"tool_use","id":"call_a","name":"weather","input":{"city":"Oslo"}},{"type":"tool_use","id":"call_b","name":"weather","input":{"city":"Rome"}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_a","content":[{"type":"text","text":"3"}]},{"type":"tool_result","tool_use_id":"call_b","content":[{"type":"text","text":"19"}]},{"type":"text","text":"And Bern?"}]}],
        "tools":[{"name":"weather","description":"Tells degrees.","input_schema":{{{Weather}}}}]}
        """));

    [Fact]
    public void A_conversation_with_parallel_calls_becomes_Googles() => Run.Text(Run.Body(OpenAiChat, Gemini, Agent)).ShouldBe(Json($$$$"""
        {"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[
        {"role":"user","parts":[{"text":"How warm is it in Oslo and Rome?"}]},
        {"role":"model","parts":[{"text":"Let me look."},{"functionCall":{"name":"weather","args":{"city":"Oslo"}}},{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},
        {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"3"}}},{"functionResponse":{"name":"weather","response":{"result":"19"}}},{"text":"And Bern?"}]}],
        "tools":[{"functionDeclarations":[{"name":"weather","description":"Tells degrees.","parameters":{{{{Weather}}}}}]}],"generationConfig":{"maxOutputTokens":50}}
        """));

    [Fact]
    public void A_conversation_with_parallel_calls_becomes_Bedrocks() => Run.Text(Run.Body(OpenAiChat, BedrockConverse, Agent)).ShouldBe(Json($$$$"""
        {"system":[{"text":"Be brief."}],"messages":[
        {"role":"user","content":[{"text":"How warm is it in Oslo and Rome?"}]},
        {"role":"assistant","content":[{"text":"Let me look."},{"toolUse":{"toolUseId":"call_a","name":"weather","input":{"city":"Oslo"}}},{"toolUse":{"toolUseId":"call_b","name":"weather","input":{"city":"Rome"}}}]},
        {"role":"user","content":[{"toolResult":{"toolUseId":"call_a","content":[{"text":"3"}]}},{"toolResult":{"toolUseId":"call_b","content":[{"text":"19"}]}},{"text":"And Bern?"}]}],
        "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"Tells degrees.","inputSchema":{"json":{{{{Weather}}}}}}}]},"inferenceConfig":{"maxTokens":50}}
        """));

    [Fact]
    public void A_conversation_with_parallel_calls_becomes_Responses() => Run.Text(Run.Body(OpenAiChat, OpenAiResponses, Agent)).ShouldBe(Json($$$"""
        {"model":"m","instructions":"Be brief.","input":[
        {"type":"message","role":"user","content":[{"type":"input_text","text":"How warm is it in Oslo and Rome?"}]},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]},
        {"type":"function_call","call_id":"call_a","name":"weather","arguments":"{\"city\":\"Oslo\"}"},{"type":"function_call","call_id":"call_b","name":"weather","arguments":"{\"city\":\"Rome\"}"},
        {"type":"function_call_output","call_id":"call_a","output":"3"},{"type":"function_call_output","call_id":"call_b","output":"19"},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"And Bern?"}]}],
        "tools":[{"type":"function","name":"weather","description":"Tells degrees.","parameters":{{{Weather}}},"strict":false}],"max_output_tokens":50,"store":false}
        """));

    [Theory]
    [InlineData(Anthropic)]
    [InlineData(Gemini)]
    [InlineData(BedrockConverse)]
    [InlineData(OpenAiResponses)]
    public void The_same_conversation_comes_back_from_every_format(WireFormat format)
    {
        var options = Run.OptionsOf(format) with { PathModel = "m" };
        var there = System.Text.Encoding.UTF8.GetString(Run.Request(OpenAiChat, format, Agent).Body.Span);
        var back = Run.Body(format, OpenAiChat, there, options);
        var ids = format == Gemini ? ("call_1", "call_2") : ("call_a", "call_b");
        Run.Text(back.GetProperty("messages")).ShouldBe(Json($$$"""
            [{"role":"system","content":"Be brief."},
            {"role":"user","content":"How warm is it in Oslo and Rome?"},
            {"role":"assistant","content":"Let me look.","tool_calls":[
            {"id":"{{{ids.Item1}}}","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},{"id":"{{{ids.Item2}}}","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},
            {"role":"tool","tool_call_id":"{{{ids.Item1}}}","content":"3"},{"role":"tool","tool_call_id":"{{{ids.Item2}}}","content":"19"},
            {"role":"user","content":"And Bern?"}]
            """));
        back.GetProperty("max_tokens").GetInt32().ShouldBe(50);
    }

    [Theory]
    [InlineData("\"content\":\"Hi\"", """{"role":"user","content":[{"type":"text","text":"Hi"}]}""")]
    [InlineData("\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,aGk=\"}}]", """{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}]}""")]
    [InlineData("\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a.example/b.png\"}}]", """{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]}""")]
    [InlineData("\"content\":[{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\",\"file_data\":\"data:application/pdf;base64,aGk=\"}}]", """{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"aGk="},"title":"a.pdf"}]}""")]
    public void Content_becomes_Anthropics(string content, string expected) =>
        Run.Text(Run.Body(OpenAiChat, Anthropic, $$"""{"model":"m","messages":[{"role":"user",{{content}}}]}""").GetProperty("messages")[0]).ShouldBe(expected);

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}""", Gemini, """[{"inlineData":{"mimeType":"image/png","data":"aGk="}}]""")]
    [InlineData("""{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}""", Gemini, """[{"fileData":{"fileUri":"https://a.example/b.png"}}]""")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}""", BedrockConverse, """[{"image":{"format":"png","source":{"bytes":"aGk="}}}]""")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}""", OpenAiChat, """[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}}]""")]
    [InlineData("""{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}""", OpenAiResponses, """[{"type":"input_image","image_url":"data:image/png;base64,aGk="}]""")]
    [InlineData("""{"type":"document","title":"My_notes.pdf","source":{"type":"base64","media_type":"application/pdf","data":"aGk="}}""", BedrockConverse, """[{"document":{"format":"pdf","name":"My notes pdf","source":{"bytes":"aGk="}}}]""")]
    [InlineData("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"}}""", Gemini, """[{"inlineData":{"mimeType":"text/plain","data":"aGk="}}]""")]
    public void Pictures_and_documents_are_carried(string block, WireFormat provider, string expected)
    {
        var body = Run.Body(Anthropic, provider, $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{{block}}]}]}""");
        var turn = body.TryGetProperty("messages", out var messages) ? messages[0] : body.TryGetProperty("input", out var input) ? input[0] : body.GetProperty("contents")[0];
        Run.Text(turn.GetProperty(provider == Gemini ? "parts" : "content")).ShouldBe(expected);
    }

    [Theory]
    [InlineData(Anthropic, """{"max_tokens":7,"stop_sequences":["a"],"temperature":1,"top_p":0.5,"metadata":{"user_id":"u"}}""")]
    [InlineData(Gemini, """{"generationConfig":{"maxOutputTokens":7,"stopSequences":["a"],"temperature":1.5,"topP":0.5}}""")]
    [InlineData(BedrockConverse, """{"inferenceConfig":{"maxTokens":7,"temperature":1,"topP":0.5,"stopSequences":["a"]}}""")]
    public void Sampling_becomes_the_providers_with_the_temperature_clamped_for_Claude(WireFormat provider, string expected) =>
        Rest(Run.Body(OpenAiChat, provider, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":9,"max_completion_tokens":7,"stop":"a","temperature":1.5,"top_p":0.5,"user":"u"}"""))
            .ShouldBe(expected);

    [Fact]
    public void Anthropic_gets_4096_tokens_where_the_client_sets_none() =>
        Run.Body(OpenAiChat, Anthropic, """{"model":"m","messages":[{"role":"user","content":"Hi"}]}""").GetProperty("max_tokens").GetInt32().ShouldBe(4096);

    [Theory]
    [InlineData(Gemini, """{"generationConfig":{"maxOutputTokens":9,"topK":5}}""")]
    [InlineData(BedrockConverse, """{"inferenceConfig":{"maxTokens":9},"additionalModelRequestFields":{"top_k":5}}""")]
    [InlineData(OpenAiChat, """{"max_tokens":9}""")]
    public void Top_k_is_carried_where_there_is_one(WireFormat provider, string expected) =>
        Rest(Run.Body(Anthropic, provider, """{"model":"m","max_tokens":9,"top_k":5,"messages":[{"role":"user","content":"Hi"}]}""")).ShouldBe(expected);

    [Theory]
    [InlineData("\"auto\"", """{"type":"auto"}""", "AUTO", """{"auto":{}}""")]
    [InlineData("\"required\"", """{"type":"any"}""", "ANY", """{"any":{}}""")]
    [InlineData("\"none\"", """{"type":"none"}""", "NONE", null)]
    [InlineData("""{"type":"function","function":{"name":"f"}}""", """{"type":"tool","name":"f"}""", "ANY", """{"tool":{"name":"f"}}""")]
    public void Tool_choice_becomes_the_providers(string choice, string anthropic, string google, string? bedrock)
    {
        var request = $$$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{{{choice}}}}""";
        Run.Text(Run.Body(OpenAiChat, Anthropic, request).GetProperty("tool_choice")).ShouldBe(anthropic);
        var config = Run.Body(OpenAiChat, Gemini, request).GetProperty("toolConfig").GetProperty("functionCallingConfig");
        config.GetProperty("mode").GetString().ShouldBe(google);
        config.TryGetProperty("allowedFunctionNames", out var names).ShouldBe(choice.Contains("\"f\"", StringComparison.Ordinal));
        if (names.ValueKind == JsonValueKind.Array) Run.Text(names).ShouldBe("""["f"]""");

        // Bedrock cannot forbid tools but by not naming them.
        var hasTools = Run.Body(OpenAiChat, BedrockConverse, request).TryGetProperty("toolConfig", out var tools);
        hasTools.ShouldBe(bedrock is not null);
        if (bedrock is not null) Run.Text(tools.GetProperty("toolChoice")).ShouldBe(bedrock);
    }

    [Fact]
    public void One_call_at_a_time_is_carried_between_OpenAI_and_Anthropic()
    {
        var there = Run.Body(OpenAiChat, Anthropic, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}],"parallel_tool_calls":false}""");
        Run.Text(there.GetProperty("tool_choice")).ShouldBe("""{"type":"auto","disable_parallel_tool_use":true}""");
        Run.Body(Anthropic, OpenAiChat, Run.Text(there)).GetProperty("parallel_tool_calls").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("low", 1024)]
    [InlineData("medium", 4096)]
    [InlineData("high", 16384)]
    public void Effort_becomes_a_budget_with_room_for_the_answer_and_a_budget_an_effort(string effort, int budget)
    {
        var request = $$"""{"model":"claude-m","messages":[{"role":"user","content":"Hi"}],"reasoning_effort":"{{effort}}","max_tokens":1000,"temperature":0.3}""";
        var anthropic = Run.Body(OpenAiChat, Anthropic, request);
        Run.Text(anthropic.GetProperty("thinking")).ShouldBe($$"""{"type":"enabled","budget_tokens":{{budget}}}""");
        anthropic.GetProperty("max_tokens").GetInt32().ShouldBe(budget + 1000);
        anthropic.TryGetProperty("temperature", out _).ShouldBeFalse("a model that thinks takes none");
        Run.Body(OpenAiChat, BedrockConverse, request).GetProperty("additionalModelRequestFields").GetProperty("thinking").GetProperty("budget_tokens").GetInt32().ShouldBe(budget);
        Run.Body(OpenAiChat, Gemini, request).GetProperty("generationConfig").GetProperty("thinkingConfig").GetProperty("thinkingBudget").GetInt32().ShouldBe(budget);
        Run.Body(Anthropic, OpenAiChat, Run.Text(anthropic)).GetProperty("reasoning_effort").GetString().ShouldBe(effort);
        Run.Body(Anthropic, OpenAiResponses, Run.Text(anthropic)).GetProperty("reasoning").GetProperty("effort").GetString().ShouldBe(effort);
    }

    [Fact]
    public void A_schema_for_the_answer_becomes_a_forced_tool_for_Claude_and_a_member_for_Google()
    {
        var request = $$$$"""{"model":"m","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"w","schema":{{{{Weather}}}}}}}""";
        var anthropic = Run.Body(OpenAiChat, Anthropic, request);
        var name = anthropic.GetProperty("tools")[0].GetProperty("name").GetString();
        Run.Text(anthropic.GetProperty("tools")[0].GetProperty("input_schema")).ShouldBe(Weather);
        Run.Text(anthropic.GetProperty("tool_choice")).ShouldBe($$"""{"type":"tool","name":"{{name}}"}""");
        Run.Text(Run.Body(OpenAiChat, BedrockConverse, request).GetProperty("toolConfig").GetProperty("toolChoice")).ShouldBe($$$"""{"tool":{"name":"{{{name}}}"}}""");
        Run.Text(Run.Body(OpenAiChat, Gemini, request).GetProperty("generationConfig")).ShouldBe($$"""{"responseMimeType":"application/json","responseSchema":{{Weather}}}""");
        Run.Text(Run.Body(OpenAiChat, OpenAiResponses, request).GetProperty("text")).ShouldBe($$$$"""{"format":{"type":"json_schema","name":"w","schema":{{{{Weather}}}}}}""");
    }

    [Fact]
    public void JSON_of_any_shape_is_asked_for_in_words_where_there_is_no_member() =>
        Run.Body(OpenAiChat, Anthropic, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_object"}}""")
            .GetProperty("system")[0].GetProperty("text").GetString()!.ShouldContain("JSON");

    /// <summary>What a body has beside the conversation.</summary>
    private static string Rest(JsonElement body) => Run.Text(JsonSerializer.SerializeToElement(body.EnumerateObject()
        .Where(member => member.Name is not ("model" or "messages" or "contents" or "input" or "store"))
        .ToDictionary(member => member.Name, member => member.Value)));

    /// <summary>JSON of several lines as compact as what is written.</summary>
    private static string Json(string text) => Run.Text(JsonElement.Parse(text));
}
