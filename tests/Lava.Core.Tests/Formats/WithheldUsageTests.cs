using System.Text;

namespace Lava.Core.Tests.Formats;

/// <summary>Streams of which Lava asked the usage and the client did not.</summary>
public sealed class WithheldUsageTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void The_extra_chunk_is_swallowed_and_nothing_else(string lineEnd)
    {
        var text = Encoding.UTF8.GetString(AnswerFixtures.ChatSse.Body).ReplaceLineEndings("\n");
        var extra = text.Split("\n\n").Single(chunk => chunk.Contains("\"choices\":[]", StringComparison.Ordinal)) + "\n\n";
        var expected = text.Replace(extra, "", StringComparison.Ordinal).Replace("\n", lineEnd, StringComparison.Ordinal);
        var body = AnswerFixture.Bytes(text.Replace("\n", lineEnd, StringComparison.Ordinal));

        for (var cut = 0; cut <= body.Length; cut++) Check(AnswerRun.Of(AnswerFixtures.ChatSse.Open(withholdUsage: true), body, cut));
        Check(AnswerRun.ByByte(AnswerFixtures.ChatSse.Open(withholdUsage: true), body));

        void Check(AnswerRun run)
        {
            Encoding.UTF8.GetString(run.All).ShouldBe(expected);
            run.Summary.Usage.ShouldBe(AnswerFixtures.ChatSse.Usage);
            run.Summary.IsWhole.ShouldBeTrue();
        }
    }

    [Fact]
    public void Usage_on_a_chunk_with_choices_stays()
    {
        foreach (var fixture in new[] { AnswerFixtures.ChatSseUsageWithChoice, AnswerFixtures.ChatSseGroq, AnswerFixtures.ChatSseMoonshot, AnswerFixtures.ChatSseError })
        {
            var run = AnswerRun.ByByte(fixture.Open(withholdUsage: true), fixture.Body);
            run.All.ShouldBe(fixture.Body);
            run.Summary.Usage.ShouldBe(fixture.Usage);
        }
    }

    [Fact]
    public void Every_other_event_flows_as_soon_as_it_is_whole()
    {
        var body = AnswerFixtures.ChatSse.Body;
        using var reader = AnswerFixtures.ChatSse.Open(withholdUsage: true);
        var released = new System.Buffers.ArrayBufferWriter<byte>();
        var first = body.AsSpan().IndexOf("\n\n"u8) + 2;
        reader.Read(body.AsSpan(0, first), released);
        released.WrittenCount.ShouldBe(first);
        reader.Read(body.AsSpan(first, 10), released);
        released.WrittenCount.ShouldBe(first);
    }

    [Fact]
    public void A_usage_chunk_without_its_blank_line_is_swallowed_at_the_end()
    {
        var run = AnswerRun.Of(AnswerFixtures.ChatSse.Open(withholdUsage: true), "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}"u8);
        run.All.ShouldBeEmpty();
        run.Summary.Usage.InputTokens.ShouldBe(3);
        run.Summary.IsWhole.ShouldBeFalse();
    }

    [Fact]
    public void A_chunk_too_long_for_usage_flows_before_its_end()
    {
        var body = AnswerFixture.Bytes("data: {\"choices\":[{\"delta\":{\"content\":\"" + new string('x', 100_000) + "\"}}]}\n\n");
        using var reader = AnswerFixtures.ChatSse.Open(withholdUsage: true);
        var released = new System.Buffers.ArrayBufferWriter<byte>();
        reader.Read(body.AsSpan(0, 90_000), released);
        released.WrittenCount.ShouldBe(90_000);
    }
}
