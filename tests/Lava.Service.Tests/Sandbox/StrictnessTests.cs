using System.Text.Json;
using Lava.Core.Catalogue;

namespace Lava.Service.Tests.Sandbox;

/// <summary>The sandbox refuses what the provider refuses, in its shape and words. The words are those that providers are known to answer with.</summary>
public sealed class StrictnessTests : IDisposable
{
    private const string Hi = """{"role":"user","content":"Hi"}""";
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""";
    private const string Use = """{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{}}]}""";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("gpt-4o", "\"messages\":[]", "messages", "empty array")]
    [InlineData("gpt-4o", "\"stream\":false", "messages", "Missing required parameter: 'messages'.")]
    [InlineData("gpt-4o", "\"messages\":[{\"role\":\"user\"}]", "messages.[0].content", "expected a string, got null")]
    [InlineData("gpt-4o", "\"messages\":[{\"role\":\"robot\",\"content\":\"Hi\"}]", "messages[0].role", "Invalid value: 'robot'")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + ",{\"role\":\"tool\",\"tool_call_id\":\"x\",\"content\":\"1\"}]", "messages.[1].role", "must be a response to a preceeding message with 'tool_calls'")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "," + Call + "," + Hi + "]", "messages", "did not have response messages: c")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"colour\":1", "colour", "Unknown parameter: 'colour'.")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"temperature\":3", "temperature", "Expected a value <= 2, but got 3 instead.")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"reasoning_effort\":\"low\"", "reasoning_effort", "Unsupported parameter: 'reasoning_effort'")]
    [InlineData("gpt-5", "\"messages\":[" + Hi + "],\"temperature\":0.5", "temperature", "'temperature' does not support 0.5 with this model. Only the default (1) value is supported.")]
    [InlineData("gpt-5", "\"messages\":[" + Hi + "],\"stop\":\"a\"", "stop", "Unsupported parameter: 'stop' is not supported with this model.")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop", "array too long")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a.b\"}}]", "tools[0].function.name", "'^[a-zA-Z0-9_-]+$'")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]", "tools[0].function.parameters", "Invalid schema for function 'f': In context=(), object schema missing properties.")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"l\":{\"type\":\"array\"}}}}}]", "tools[0].function.parameters", "In context=('properties', 'l'), array schema missing items.")]
    [InlineData("gpt-5.6-sol", "\"messages\":[" + Hi + "],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", "reasoning_effort", "Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions.")]
    [InlineData("gpt-4o", "\"messages\":[" + Hi + "],\"response_format\":{\"type\":\"json_object\"}", "messages", "must contain the word 'json'")]
    public async Task Chat_completions_are_as_strict_as_OpenAI(string model, string members, string field, string message)
    {
        var error = (await RefusedAsync(SandboxClient.Chat, model, $"{{\"model\":\"{model}\",{members}}}")).GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("param").GetString().ShouldBe(field);
        error.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Theory]
    [InlineData("\"input\":\"Hi\",\"max_output_tokens\":9", "max_output_tokens", "Expected a value >= 16, but got 9 instead.")]
    [InlineData("\"input\":\"Hi\",\"stop\":[\"a\"]", "stop", "Unknown parameter: 'stop'.")]
    [InlineData("\"input\":\"Hi\",\"user\":\"uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu\"", "user", "maximum length 64, but got a string with length 65")]
    [InlineData("\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"1\"}]", "input", "No tool call found for function call output with call_id c.")]
    [InlineData("\"input\":[{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}]", "input", "No tool output found for function call c.")]
    public async Task Responses_are_as_strict_as_OpenAI(string members, string field, string message)
    {
        var error = (await RefusedAsync(SandboxClient.Responses, "gpt-4o", $"{{\"model\":\"gpt-4o\",{members}}}")).GetProperty("error");
        error.GetProperty("param").GetString().ShouldBe(field);
        error.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", "\"messages\":[" + Hi + "]", "max_tokens: Field required")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"messages\":[]", "messages: at least one message is required")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\" \"}]}]", "messages: text content blocks must contain non-whitespace text")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"messages\":[" + Hi + "," + Use + "," + Hi + "]", "`tool_use` ids were found without `tool_result` blocks immediately after: c.")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\",\"content\":\"1\"}]}]", "unexpected `tool_use_id` found in `tool_result` blocks: x.")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"temperature\":0.5,\"top_p\":0.9,\"messages\":[" + Hi + "]", "`temperature` and `top_p` cannot both be specified for this model.")]
    [InlineData("claude-opus-4-8", "\"max_tokens\":9,\"temperature\":0.5,\"messages\":[" + Hi + "]", "`temperature` is deprecated for this model.")]
    [InlineData("claude-opus-4-8", "\"max_tokens\":9000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"messages\":[" + Hi + "]", "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\"")]
    [InlineData("claude-opus-5-5", "\"max_tokens\":9000,\"thinking\":{\"type\":\"disabled\"},\"messages\":[" + Hi + "]", "\"thinking.type.disabled\" is not supported for this model.")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":1024,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"messages\":[" + Hi + "]", "`max_tokens` must be greater than `thinking.budget_tokens`.")]
    [InlineData("claude-opus-4-6", "\"max_tokens\":9,\"messages\":[" + Hi + ",{\"role\":\"assistant\",\"content\":\"{\"}]", "This model does not support assistant message prefill. The conversation must end with a user message.")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"colour\":1,\"messages\":[" + Hi + "]", "colour: Extra inputs are not permitted")]
    [InlineData("claude-sonnet-4-5", "\"max_tokens\":9,\"messages\":[" + Hi + "],\"tools\":[{\"name\":\"a.b\",\"input_schema\":{\"type\":\"object\"}}]", "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")]
    public async Task Messages_are_as_strict_as_Anthropic(string model, string members, string message)
    {
        var error = (await RefusedAsync(SandboxClient.Messages, model, $"{{\"model\":\"{model}\",{members}}}")).GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Theory]
    [InlineData("gemini-2.5-flash", "\"contents\":[]", "contents is not specified")]
    [InlineData("gemini-2.5-flash", "\"contents\":[{\"role\":\"user\",\"parts\":[]}]", "contents.parts must not be empty")]
    [InlineData("gemini-2.5-flash", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"colour\":1", "Unknown name \"colour\": Cannot find field.")]
    [InlineData("gemini-2.5-flash", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"properties\":{\"l\":{\"type\":\"array\"}}}}]}]", "* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties[l].items: missing field.")]
    [InlineData("gemini-2.5-pro", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}}", "This model only works in thinking mode.")]
    [InlineData("gemini-2.5-pro", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":50000}}", "Please choose a value between 128 and 32768.")]
    [InlineData("gemini-2.5-pro", "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]},{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}},{\"functionCall\":{\"name\":\"f\",\"args\":{}}}]},{\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}]", "number of function response parts is equal to the number of function call parts")]
    public async Task Generate_content_is_as_strict_as_Google(string model, string members, string message)
    {
        var error = (await RefusedAsync(SandboxClient.Generate, model, $"{{{members}}}")).GetProperty("error");
        (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()).ShouldBe((400, "INVALID_ARGUMENT"));
        error.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Theory]
    [InlineData("amazon.nova-lite-v1:0", "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"text\":\"Hi\"}]}]", "A conversation must start with a user message.")]
    [InlineData("amazon.nova-lite-v1:0", "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\" \"}]}]", "The text field in the ContentBlock object at messages.0.content.0 is blank.")]
    [InlineData("amazon.nova-lite-v1:0", "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]},{\"role\":\"user\",\"content\":[{\"text\":\"b\"}]}]", "A conversation must alternate between user and assistant roles.")]
    [InlineData("amazon.nova-lite-v1:0", "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]},{\"role\":\"assistant\",\"content\":[{\"toolUse\":{\"toolUseId\":\"c\",\"name\":\"f\",\"input\":{}}}]},{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":\"c\",\"content\":[]}}]}]", "The toolConfig field must be defined when using toolUse and toolResult content blocks.")]
    [InlineData("anthropic.claude-opus-4-8", "\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],\"inferenceConfig\":{\"temperature\":0.5}", "The model returned the following errors: `temperature` is deprecated for this model.")]
    public async Task Converse_is_as_strict_as_Bedrock(string model, string members, string message)
    {
        using var answer = await _client.SendAsync(SandboxClient.Converse, $"{{{members}}}", model: model);
        ((int)answer.StatusCode).ShouldBe(400);
        answer.Headers.GetValues("x-amzn-errortype").ShouldBe(["ValidationException"]);
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("message").GetString()!.ShouldContain(message);
    }

    /// <summary>Claude Code 2.1.332 after <c>/compact</c>, and Codex 0.171.0 when it summarises a session.</summary>
    [Fact]
    public async Task What_agents_send_around_a_summary_is_taken()
    {
        const string Claude = "{\"model\":\"claude-opus-5-5\",\"max_tokens\":9,\"messages\":[" + Hi + ",{\"role\":\"system\",\"content\":[]},{\"role\":\"assistant\",\"content\":\"Yes\"}," + Hi + "]}";
        using var claude = await _client.SendAsync(SandboxClient.Messages, Claude, model: "claude-opus-5-5");
        ((int)claude.StatusCode).ShouldBe(200);
        const string Codex = "{\"model\":\"gpt-5.1\",\"input\":\"Summarise\",\"tools\":[],\"parallel_tool_calls\":false,\"tool_choice\":\"auto\"}";
        using var codex = await _client.SendAsync(SandboxClient.Responses, Codex, model: "gpt-5.1");
        ((int)codex.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task A_request_may_ask_for_leniency_in_the_header_or_in_its_text()
    {
        const string Body = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"colour\":1}";
        (await _client.JsonAsync(SandboxClient.Chat, Body, "lenient")).GetProperty("object").GetString().ShouldBe("chat.completion");
        (await _client.JsonAsync(SandboxClient.Chat, Body.Replace("Hi", "Hi [sandbox: lenient]", StringComparison.Ordinal))).GetProperty("object").GetString().ShouldBe("chat.completion");
    }

    [Fact]
    public async Task Those_who_imitate_OpenAI_are_not_as_strict()
    {
        using var answer = await _client.SendAsync(SandboxClient.Chat, $"{{\"model\":\"llama\",\"messages\":[{Hi}],\"top_k\":5}}", url: "https://api.groq.com/openai/v1/chat/completions", model: "llama");
        ((int)answer.StatusCode).ShouldBe(200);
    }

    private async Task<JsonElement> RefusedAsync(ProviderEndpoint endpoint, string model, string body)
    {
        using var answer = await _client.SendAsync(endpoint, body, model: model);
        ((int)answer.StatusCode).ShouldBe(400);
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }
}
