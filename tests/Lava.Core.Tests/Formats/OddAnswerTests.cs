using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>Answers that a provider writes otherwise than it documents.</summary>
public sealed class OddAnswerTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":"1000","completion_tokens":"500","total_tokens":"1500"}""", 1_000, 500, true, false)]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0}""", 0, 0, true, false)]
    [InlineData("""{"prompt_tokens":null,"completion_tokens":null}""", 0, 0, false, false)]
    [InlineData("{}", 0, 0, false, false)]
    [InlineData("""{"note":"x"}""", 0, 0, false, false)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":7}""", 0, 7, true, true)]
    [InlineData("""{"prompt_tokens":"-5"}""", 0, 0, false, true)]
    [InlineData("""{"prompt_tokens":[1],"completion_tokens":{"a":1}}""", 0, 0, false, true)]
    [InlineData("""{"prompt_tokens":"many","completion_tokens":true}""", 0, 0, false, true)]
    [InlineData("""{"prompt_tokens":1e300,"completion_tokens":1}""", 1_000_000_000_000, 1, true, false)]
    [InlineData("""{"prompt_tokens":99999999999999999999999999,"completion_tokens":1}""", 1_000_000_000_000, 1, true, false)]
    [InlineData("""{"prompt_tokens":10.0,"completion_tokens":5.5}""", 10, 5, true, false)]
    [InlineData("\"many\"", 0, 0, false, false)]
    [InlineData("[]", 0, 0, false, false)]
    public void Counts_are_numbers_or_texts_of_numbers(string usage, long input, long output, bool hasUsage, bool isUnreadable)
    {
        var summary = Read($$"""{"id":"x","choices":[],"usage":{{usage}}}""", "application/json").Summary;
        (summary.Usage.InputTokens, summary.Usage.OutputTokens, summary.HasUsage, summary.IsUnreadable, summary.IsWhole).ShouldBe((input, output, hasUsage, isUnreadable, true));
    }

    [Theory]
    [InlineData(WireFormat.Anthropic, """{"id":"m","type":"message","usage":{"input_tokens":"10","output_tokens":"5","cache_read_input_tokens":null}}""", 10, false)]
    [InlineData(WireFormat.Anthropic, """{"id":"m","type":"message","usage":{"input_tokens":-1,"output_tokens":5}}""", 0, true)]
    [InlineData(WireFormat.Gemini, """{"usageMetadata":{"promptTokenCount":"10","candidatesTokenCount":5,"totalTokenCount":15}}""", 10, false)]
    [InlineData(WireFormat.Gemini, """{"usageMetadata":{"promptTokenCount":{},"candidatesTokenCount":5}}""", 0, true)]
    [InlineData(WireFormat.BedrockConverse, """{"usage":{"inputTokens":"10","outputTokens":5,"totalTokens":15}}""", 10, false)]
    [InlineData(WireFormat.BedrockConverse, """{"usage":{"inputTokens":false,"outputTokens":5}}""", 0, true)]
    public void Every_format_reads_them_so(WireFormat format, string body, long input, bool isUnreadable)
    {
        var summary = Read(body, "application/json", format).Summary;
        (summary.Usage.InputTokens, summary.Usage.OutputTokens, summary.HasUsage, summary.IsUnreadable).ShouldBe((input, 5, true, isUnreadable));
    }

    [Theory]
    [InlineData("\"\"", false)]
    [InlineData("{}", false)]
    [InlineData("{ }", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("\"overloaded\"", true)]
    [InlineData("{\"message\":\"\"}", true)]
    [InlineData("true", true)]
    public void An_empty_error_is_none(string error, bool hasError) =>
        Read($$$"""{"error":{{{error}}},"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "application/json").Summary.HasError.ShouldBe(hasError);

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public void An_answer_of_another_type_is_read_for_what_it_is(string? type)
    {
        foreach (var fixture in new[] { AnswerFixtures.ChatJson, AnswerFixtures.ChatSse })
        {
            for (var cut = 0; cut <= fixture.Body.Length; cut++)
            {
                var run = AnswerRun.Of(AnswerReaders.Create(AnswerFixture.Endpoint(fixture.Format, fixture.Kind), type, null, false), fixture.Body, cut);
                (run.Summary.Usage, run.Summary.HasUsage, run.Summary.IsWhole).ShouldBe((fixture.Usage, true, true));
                run.All.ShouldBe(fixture.Body);
                run.Early.Length.ShouldBeLessThan(fixture.Body.Length);
            }
        }
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("ok")]
    [InlineData("")]
    public void What_is_neither_passes_unread(string body)
    {
        var run = Read(body, "text/html");
        (run.Summary.HasUsage, run.Summary.IsWhole, run.Summary.Seen.Bytes).ShouldBe((false, true, body.Length));
        run.All.ShouldBe(AnswerFixture.Bytes(body));
    }

    [Fact]
    public void A_transcript_may_begin_with_a_bracket()
    {
        var body = AnswerFixture.Bytes("[Music] {applause}");
        var run = AnswerRun.Of(AnswerReaders.Create(AnswerFixture.Endpoint(WireFormat.OpenAiMedia, EndpointKind.Transcription), "text/plain", null, false), body);
        (run.WasComplete, run.Summary.IsWhole, run.Summary.Seen.Bytes).ShouldBe((false, true, body.Length));
    }

    [Fact]
    public void A_streams_pieces_are_counted()
    {
        var seen = Read("data: {\"a\":1}\n\ndata: {\"a\":\"longer\"}\n\n: ping\n\ndata: [DONE]\n\n", "text/event-stream").Summary.Seen;
        seen.ShouldBe(new AnswerSeen(15 + 22 + 8 + 14, 2, 15));
    }

    private static AnswerRun Read(string body, string? type, WireFormat format = WireFormat.OpenAiChat) =>
        AnswerRun.Of(AnswerReaders.Create(AnswerFixture.Endpoint(format, EndpointKind.Chat), type, null, false), AnswerFixture.Bytes(body));
}
