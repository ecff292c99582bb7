using System.Text;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using static Lava.Core.Catalogue.WireFormat;

namespace Lava.Core.Tests.Translation;

/// <summary>OpenAI's custom tools, whose input is plain text, in its own two formats and as functions in the others.</summary>
public sealed class CustomToolTests
{
    private const string Patch = "*** Begin Patch\n*** Add File: a.txt\n+say \"hi\" \\ 😀\n*** End Patch\n";

    private const string Chat = """
        {"model":"m","messages":[{"role":"user","content":"Do it."},
        {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"custom","custom":{"name":"patch","input":"a \"b\"\nc"}},{"id":"call_2","type":"function","function":{"name":"read","arguments":"{\"path\":\"x\"}"}}]},
        {"role":"tool","tool_call_id":"call_1","content":"Done."},{"role":"tool","tool_call_id":"call_2","content":"X."}],
        "tools":[{"type":"custom","custom":{"name":"patch","description":"Patches.","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: \"a\" /.+/"}}}},
        {"type":"function","function":{"name":"read","parameters":{"type":"object","properties":{"path":{"type":"string"}}}}}],
        "tool_choice":{"type":"custom","custom":{"name":"patch"}}}
        """;

    private const string Responses = """
        {"model":"m","input":[{"role":"user","content":"Do it."},{"type":"custom_tool_call","call_id":"call_1","name":"patch","input":"a \"b\"\nc"},{"type":"function_call","call_id":"call_2","name":"read","arguments":"{\"path\":\"x\"}"},
        {"type":"custom_tool_call_output","call_id":"call_1","output":"Done."},{"type":"function_call_output","call_id":"call_2","output":[{"type":"input_text","text":"X."}]}],
        "tools":[{"type":"custom","name":"patch","description":"Patches.","format":{"type":"grammar","syntax":"lark","definition":"start: \"a\" /.+/"}},
        {"type":"function","name":"read","parameters":{"type":"object","properties":{"path":{"type":"string"}}}}],
        "tool_choice":{"type":"custom","name":"patch"}}
        """;

    private static readonly TranslationOptions OpenAi = Run.Options with { Model = "gpt-5", HasCustomTools = true };

    public static TheoryData<WireFormat, string> Clients => new() { { OpenAiChat, Chat }, { OpenAiResponses, Responses } };

    /// <summary>Providers as a client of OpenAI's sees them: the translator of chats to chats is for those that know functions only.</summary>
    private static IEnumerable<WireFormat> ProvidersOf(WireFormat client) => Run.Formats.Where(format => format != client || client == OpenAiChat);

    [Fact]
    public void OpenAIs_formats_carry_custom_tools_into_each_other()
    {
        var responses = Run.Body(OpenAiChat, OpenAiResponses, Chat, OpenAi);
        Run.Text(responses.GetProperty("tools")[0]).ShouldBe("""{"type":"custom","name":"patch","description":"Patches.","format":{"type":"grammar","syntax":"lark","definition":"start: \"a\" /.+/"}}""");
        Run.Text(responses.GetProperty("input")[1]).ShouldBe("""{"type":"custom_tool_call","call_id":"call_1","name":"patch","input":"a \"b\"\nc"}""");
        Run.Text(responses.GetProperty("input")[3]).ShouldBe("""{"type":"custom_tool_call_output","call_id":"call_1","output":"Done."}""");
        responses.GetProperty("input")[4].GetProperty("type").GetString().ShouldBe("function_call_output");
        Run.Text(responses.GetProperty("tool_choice")).ShouldBe("""{"type":"custom","name":"patch"}""");

        var chat = Run.Body(OpenAiResponses, OpenAiChat, Responses, OpenAi);
        Run.Text(chat.GetProperty("tools")).ShouldBe(Run.Text(JsonElement.Parse(Chat).GetProperty("tools")));
        Run.Text(chat.GetProperty("messages")[1].GetProperty("tool_calls")).ShouldBe(Run.Text(JsonElement.Parse(Chat).GetProperty("messages")[1].GetProperty("tool_calls")));
        Run.Text(chat.GetProperty("tool_choice")).ShouldBe("""{"type":"custom","custom":{"name":"patch"}}""");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void Other_providers_get_a_function_of_one_text(WireFormat client, string body)
    {
        var anthropic = Run.Body(client, Anthropic, body);
        var tool = anthropic.GetProperty("tools")[0];
        tool.GetProperty("name").GetString().ShouldBe("patch");
        tool.GetProperty("description").GetString().ShouldBe("Patches.");
        var schema = tool.GetProperty("input_schema");
        Run.Text(schema.GetProperty("required")).ShouldBe("""["input"]""");
        schema.GetProperty("properties").GetProperty("input").GetProperty("type").GetString().ShouldBe("string");
        schema.GetProperty("properties").GetProperty("input").GetProperty("description").GetString()!.ShouldEndWith("(lark):\nstart: \"a\" /.+/");
        Run.Text(anthropic.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("input")).ShouldBe("""{"input":"a \"b\"\nc"}""");
        Run.Text(anthropic.GetProperty("tool_choice")).ShouldBe("""{"type":"tool","name":"patch"}""");

        Run.Text(Run.Body(client, Gemini, body).GetProperty("contents")[1].GetProperty("parts")[0].GetProperty("functionCall")).ShouldBe("""{"name":"patch","args":{"input":"a \"b\"\nc"}}""");
        Run.Text(Run.Body(client, BedrockConverse, body).GetProperty("messages")[1].GetProperty("content")[0].GetProperty("toolUse").GetProperty("input")).ShouldBe("""{"input":"a \"b\"\nc"}""");
        var chat = Run.Body(client, OpenAiChat, body);
        Run.Text(chat).ShouldNotContain("\"custom\"");
        chat.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString().ShouldBe("""{"input":"a \"b\"\nc"}""");
        Run.Text(chat.GetProperty("tool_choice")).ShouldBe("""{"type":"function","function":{"name":"patch"}}""");
    }

    [Theory]
    [InlineData("gpt-5-mini", true, true)]
    [InlineData("gpt-5.1-codex", true, true)]
    [InlineData("gpt-4o", true, false)]
    [InlineData("o3", true, false)]
    [InlineData("gpt-5-mini", false, false)]
    public void Only_OpenAIs_models_that_know_them_get_custom_tools(string model, bool hasCustomTools, bool expected)
    {
        foreach (var provider in new[] { OpenAiChat, OpenAiResponses })
            Run.Text(Run.Body(OpenAiChat, provider, Chat, Run.Options with { Model = model, HasCustomTools = hasCustomTools })).Contains("\"custom\"", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public void A_custom_tool_without_a_grammar_takes_any_text()
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"q"}],"tools":[{"type":"custom","custom":{"name":"say"}},{"type":"custom","custom":{"name":"tell","format":{"type":"text"}}}]}""";
        Run.Text(Run.Body(OpenAiChat, OpenAiResponses, Body, OpenAi).GetProperty("tools")).ShouldBe("""[{"type":"custom","name":"say"},{"type":"custom","name":"tell"}]""");
        Run.Body(OpenAiChat, Anthropic, Body).GetProperty("tools")[1].GetProperty("input_schema").GetProperty("properties").GetProperty("input").GetProperty("description").GetString()!.ShouldNotContain("grammar");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void A_call_comes_back_as_plain_text_whole_and_streamed(WireFormat client, string body)
    {
        foreach (var provider in ProvidersOf(client))
        {
            var whole = Run.Answer(Run.Request(client, provider, body), Calls.Answer(provider, "patch", Wrapped));
            Calls.OfAnswer(client, whole).ShouldBe([("custom", "patch", Patch)], $"{provider} to {client}");
            var streaming = Run.Request(client, provider, body.Replace("\"model\":\"m\"", "\"model\":\"m\",\"stream\":true", StringComparison.Ordinal));
            foreach (var cut in new[] { 1, 3, 1000 })
            {
                var bytes = Run.Stream(streaming, Calls.Stream(provider, "patch", Wrapped, cut));
                Calls.OfStream(client, bytes).ShouldBe([("custom", "patch", Patch)], $"{provider} to {client}: {Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public void A_stream_with_a_custom_call_comes_out_the_same_however_it_is_cut(WireFormat client, string body)
    {
        foreach (var provider in ProvidersOf(client))
        {
            var request = Run.Request(client, provider, body.Replace("\"model\":\"m\"", "\"model\":\"m\",\"stream\":true", StringComparison.Ordinal));
            var bytes = Calls.Stream(provider, "patch", Wrapped, 5);
            var whole = Run.Stream(request, bytes);
            Run.Stream(request, bytes, [.. Enumerable.Range(0, bytes.Length)]).ShouldBe(whole, $"{provider} to {client}");
            for (var cut = 1; cut < bytes.Length; cut += 7) Run.Stream(request, bytes, cut).ShouldBe(whole);
        }
    }

    [Theory]
    [InlineData(OpenAiChat, OpenAiResponses)]
    [InlineData(OpenAiResponses, OpenAiChat)]
    public void OpenAIs_own_custom_calls_pass_between_its_formats(WireFormat client, WireFormat provider)
    {
        var body = client == OpenAiChat ? Chat : Responses;
        Calls.OfAnswer(client, Run.Answer(Run.Request(client, provider, body, OpenAi), Calls.CustomAnswer(provider, "patch", Patch))).ShouldBe([("custom", "patch", Patch)]);
        var request = Run.Request(client, provider, body.Replace("\"model\":\"m\"", "\"model\":\"m\",\"stream\":true", StringComparison.Ordinal), OpenAi);
        var bytes = Calls.CustomStream(provider, "patch", Patch, 4);
        Calls.OfStream(client, Run.Stream(request, bytes)).ShouldBe([("custom", "patch", Patch)]);
        Run.Stream(request, bytes, [.. Enumerable.Range(0, bytes.Length)]).ShouldBe(Run.Stream(request, bytes));
    }

    [Fact]
    public void Responses_clients_get_the_events_of_custom_calls()
    {
        var request = Run.Request(OpenAiResponses, Anthropic, Responses.Replace("\"model\":\"m\"", "\"model\":\"m\",\"stream\":true", StringComparison.Ordinal));
        var bytes = Run.Stream(request, Calls.Stream(Anthropic, "patch", Wrapped, 9));
        string.Join(' ', Seen.Names(bytes).Distinct()).ShouldBe(
            "response.created response.in_progress response.output_item.added response.custom_tool_call_input.delta response.custom_tool_call_input.done response.output_item.done response.completed");
        var done = Seen.Data(bytes).Select(data => JsonElement.Parse(data)).Single(item => item.GetProperty("type").GetString() == "response.custom_tool_call_input.done");
        done.GetProperty("input").GetString().ShouldBe(Patch);
        done.GetProperty("item_id").GetString().ShouldStartWith("ctc_");
    }

    [Fact]
    public void A_call_that_is_cut_or_of_another_form_loses_nothing()
    {
        var request = Run.Request(OpenAiChat, OpenAiResponses, Chat);
        Calls.OfAnswer(OpenAiChat, Run.Answer(request, Calls.Answer(OpenAiResponses, "patch", "*** Begin"))).ShouldBe([("custom", "patch", "*** Begin")]);
        Calls.OfAnswer(OpenAiChat, Run.Answer(request, Calls.Answer(OpenAiResponses, "patch", ""))).ShouldBe([("custom", "patch", "")]);
        Calls.OfAnswer(OpenAiChat, Run.Answer(request, Calls.Answer(OpenAiResponses, "read", "{\"input\":\"x\"}"))).ShouldBe([("function", "read", "{\"input\":\"x\"}")]);
    }

    private static string Wrapped => JsonSerializer.Serialize(new Dictionary<string, string> { ["input"] = Patch });
}
