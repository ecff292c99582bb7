using System.Text.Json;

namespace Lava.Service.Tests.Sandbox;

public sealed class ResponsesTests : IDisposable
{
    private const string Tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}]";

    private readonly SandboxClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task A_response_carries_its_text_and_exact_usage()
    {
        var body = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi there"), "output_tokens=9; reasoning_tokens=4; cached_tokens=2");

        body.GetProperty("object").GetString().ShouldBe("response");
        body.GetProperty("status").GetString().ShouldBe("completed");
        body.GetProperty("output")[0].GetProperty("type").GetString().ShouldBe("reasoning");
        var message = body.GetProperty("output")[1];
        message.GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("output_text");
        message.GetProperty("content")[0].GetProperty("text").GetString()!.Split(' ').Length.ShouldBe(5);
        body.GetProperty("usage").GetRawText().ShouldBe(
            """{"input_tokens":9,"input_tokens_details":{"cached_tokens":2},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":18}""");
    }

    [Fact]
    public async Task A_stream_numbers_its_events_names_them_by_type_and_ends_with_the_whole_response()
    {
        var whole = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi"), "output_tokens=4");
        var events = await _client.EventsAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", ",\"stream\":true"), "output_tokens=4");

        var data = events.ConvertAll(entry => JsonElement.Parse(entry.Data));
        data.Select(entry => entry.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, data.Count));
        data.Select(entry => entry.GetProperty("type").GetString()).ShouldBe(events.Select(entry => entry.Name));
        events.Select(entry => entry.Name).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", .. Enumerable.Repeat("response.output_text.delta", 4),
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        var text = string.Concat(data.Where(entry => entry.GetProperty("type").GetString() == "response.output_text.delta").Select(entry => entry.GetProperty("delta").GetString()));
        var final = data[^1].GetProperty("response");
        final.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(text);
        final.GetProperty("usage").GetRawText().ShouldBe(whole.GetProperty("usage").GetRawText());
        final.EnumerateObject().Select(member => member.Name).ShouldBe(whole.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_function_is_called_in_a_body_and_in_a_stream()
    {
        var whole = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", Tools), "tool=weather");
        var events = await _client.EventsAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", Tools + ",\"stream\":true"), "tool=weather");

        var item = whole.GetProperty("output")[0];
        item.GetProperty("type").GetString().ShouldBe("function_call");
        JsonElement.Parse(item.GetProperty("arguments").GetString()!).GetProperty("city").GetString().ShouldBe("sandbox");
        string.Concat(events.Where(entry => entry.Name == "response.function_call_arguments.delta").Select(entry => JsonElement.Parse(entry.Data).GetProperty("delta").GetString()))
            .ShouldBe(item.GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task A_custom_tool_is_called_with_plain_text_and_not_again_once_it_has_answered()
    {
        const string Custom = ",\"tools\":[{\"type\":\"custom\",\"name\":\"patch\"}]";
        var whole = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", Custom), "tool=patch");
        var events = await _client.EventsAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", Custom + ",\"stream\":true,\"tool_choice\":{\"type\":\"custom\",\"name\":\"patch\"}"));
        var item = whole.GetProperty("output")[0];
        item.GetProperty("type").GetString().ShouldBe("custom_tool_call");
        var text = item.GetProperty("input").GetString();
        text.ShouldBe("A sandbox's text for \"patch\",\nin two lines.");
        string.Concat(events.Where(entry => entry.Name == "response.custom_tool_call_input.delta").Select(entry => JsonElement.Parse(entry.Data).GetProperty("delta").GetString())).ShouldBe(text);
        JsonElement.Parse(events.Single(entry => entry.Name == "response.custom_tool_call_input.done").Data).GetProperty("input").GetString().ShouldBe(text);
        var told = await _client.JsonAsync(
            SandboxClient.Responses,
            $$"""{"model":"gpt-5-mini","input":[{"role":"user","content":"Hi"},{{item.GetRawText()}},{"type":"custom_tool_call_output","call_id":"{{item.GetProperty("call_id").GetString()}}","output":"Done."}]{{Custom}}}""", "tool=patch");
        told.GetProperty("output")[0].GetProperty("type").GetString().ShouldBe("message");
    }

    [Fact]
    public async Task A_response_at_the_limit_is_incomplete()
    {
        var body = await _client.JsonAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", ",\"max_output_tokens\":16"));
        var events = await _client.EventsAsync(SandboxClient.Responses, SandboxClient.Body(SandboxClient.Responses, "Hi", ",\"max_output_tokens\":16,\"stream\":true"));

        body.GetProperty("status").GetString().ShouldBe("incomplete");
        body.GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
        events[^1].Name.ShouldBe("response.incomplete");
    }
}
