using System.Buffers;
using System.Text;
using System.Text.Json;
using Lava.Core.Translation.Responses;

namespace Lava.Core.Tests.Translation;

/// <summary>References of a request to earlier responses, and what is put in their place.</summary>
public sealed class ResponsesReferencesTests
{
    private const string Kept = """
        {"input":[{"role":"user","content":"Hi"}],
         "response":{"id":"resp_lavaA","output":[
           {"type":"reasoning","id":"rs_lavaA_0","summary":[]},
           {"type":"message","id":"msg_lavaA_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]},
           {"type":"function_call","id":"fc_lavaA_2","call_id":"c","name":"f","arguments":"{}","status":"completed"}]}}
        """;

    [Theory]
    [InlineData("resp_lavaA", "lavaA")]
    [InlineData("msg_lavaA_12", "lavaA")]
    [InlineData("resp_0123", null)]
    [InlineData("msg_01lava", null)]
    [InlineData("lavaA", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void An_id_of_Lavas_tells_its_answer(string? id, string? answer) => ResponsesReferences.AnswerOf(id).ShouldBe(answer);

    [Fact]
    public void A_conversation_is_continued_after_what_was_said_before() => Expand("""{"model":"m","previous_response_id":"resp_lavaA","input":"And?"}""").ShouldBe(
        """
        {"model":"m","input":[{"role":"user","content":"Hi"},{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"},{"role":"user","content":"And?"}]}
        """.Trim());

    [Fact]
    public void Items_take_the_place_of_references_and_reasoning_is_left_out() => Expand(
        """{"input":[{"type":"item_reference","id":"rs_lavaA_0"},{"type":"item_reference","id":"fc_lavaA_2"},{"id":"msg_lavaA_1"},{"type":"item_reference","id":"msg_0"}]}""").ShouldBe(
        """
        {"input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"},{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]},{"type":"item_reference","id":"msg_0"}]}
        """.Trim());

    [Theory]
    [InlineData("""{"input":[{"role":"user","content":"x"},{"type":"item_reference","id":"msg_lavaA_7"}]}""", "msg_lavaA_7", "input.1.id")]
    [InlineData("""{"input":"x","previous_response_id":"resp_lavaB"}""", "resp_lavaB", "previous_response_id")]
    public void What_is_not_kept_is_named(string request, string id, string field)
    {
        using var body = JsonDocument.Parse(request);
        using var kept = JsonDocument.Parse(Kept);
        var output = new ArrayBufferWriter<byte>();
        ResponsesReferences.TryExpand(body.RootElement, new Dictionary<string, JsonElement> { ["lavaA"] = kept.RootElement }, output, out var missing).ShouldBeFalse();
        (missing.Id, missing.Field, output.WrittenCount).ShouldBe((id, field, 0));
    }

    /// <summary>A message of the client's own may carry an id too, and is no reference.</summary>
    [Fact]
    public void Items_that_are_there_are_no_references()
    {
        using var body = JsonDocument.Parse("""{"previous_response_id":"resp_1","input":[{"id":"msg_lavaA_1","role":"assistant","content":"Hello"}]}""");
        ResponsesReferences.Find(body.RootElement).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"id":"resp_1"}""", """{"id":"resp_1"}""")]
    [InlineData("event: a\ndata: {\"a\":\"\\ndata: {\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_2\"}}\n\n", """{"id":"resp_2"}""")]
    [InlineData("event: response.completed\ndata: {\"response\":{\"id\":\"resp_3\"}}\n\n", """{"id":"resp_3"}""")]
    [InlineData("event: error\ndata: {\"type\":\"error\"}\n\n", null)]
    [InlineData("", null)]
    public void A_response_is_found_at_the_end_of_an_answer(string ending, string? response)
    {
        using var found = ResponsesReferences.ResponseIn(Encoding.UTF8.GetBytes(ending));
        found?.RootElement.GetRawText().ShouldBe(response);
        (found is null).ShouldBe(response is null);
    }

    private static string Expand(string request)
    {
        using var body = JsonDocument.Parse(request);
        using var kept = JsonDocument.Parse(Kept);
        var output = new ArrayBufferWriter<byte>();
        ResponsesReferences.TryExpand(body.RootElement, new Dictionary<string, JsonElement> { ["lavaA"] = kept.RootElement }, output, out _).ShouldBeTrue();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
