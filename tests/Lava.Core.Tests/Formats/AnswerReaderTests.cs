using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class AnswerReaderTests
{
    public static TheoryData<AnswerFixture> Fixtures { get; } = [.. AnswerFixtures.All];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Each_answer_tells_what_its_provider_reported(AnswerFixture fixture)
    {
        var summary = AnswerRun.Of(fixture.Open(), fixture.Body).Summary;
        summary.Usage.ShouldBe(fixture.Usage);
        summary.HasUsage.ShouldBe(fixture.HasUsage);
        summary.HasError.ShouldBe(fixture.HasError);
        summary.IsInconsistent.ShouldBe(fixture.IsInconsistent);
        summary.IsWhole.ShouldBe(fixture.HasEnd || !fixture.HasError);
        summary.ResponseId.ShouldBe(fixture.ResponseId);
        summary.Model.ShouldBe(fixture.Model);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void However_an_answer_is_cut_it_reads_the_same_and_passes_unchanged(AnswerFixture fixture)
    {
        var whole = AnswerRun.Of(fixture.Open(), fixture.Body);
        whole.All.ShouldBe(fixture.Body);
        Same(AnswerRun.ByByte(fixture.Open(), fixture.Body), whole, fixture);
        for (var cut = 0; cut <= fixture.Body.Length; cut++) Same(AnswerRun.Of(fixture.Open(), fixture.Body, cut), whole, fixture);

        var random = new Random(fixture.Name.Length);
        for (var i = 0; i < 50; i++)
        {
            var cuts = new int[random.Next(1, 12)];
            for (var c = 0; c < cuts.Length; c++) cuts[c] = random.Next(fixture.Body.Length + 1);
            Array.Sort(cuts);
            Same(AnswerRun.Of(fixture.Open(), fixture.Body, cuts), whole, fixture);
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void The_end_of_an_answer_waits(AnswerFixture fixture)
    {
        var whole = AnswerRun.Of(fixture.Open(), fixture.Body);
        var byByte = AnswerRun.ByByte(fixture.Open(), fixture.Body);
        if (!fixture.HasEnd && fixture.HasError) return;
        foreach (var run in new[] { whole, byByte }) run.Early.Length.ShouldBeLessThan(fixture.Body.Length - fixture.LooseEnd);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void An_answer_that_breaks_off_is_not_whole(AnswerFixture fixture)
    {
        if (!fixture.HasEnd) return;
        for (var length = 0; length < fixture.Body.Length; length++)
        {
            var body = fixture.Body.AsSpan(0, length);
            var run = AnswerRun.Of(fixture.Open(), body);
            run.Summary.IsWhole.ShouldBe(length >= WholeFrom(fixture), $"after {length} of {fixture.Body.Length} bytes");
            run.All.ShouldBe(body.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Line_ends_of_any_kind_read_the_same(AnswerFixture fixture)
    {
        if (!fixture.ContentType.StartsWith("text/event-stream", StringComparison.Ordinal)) return;
        var text = Encoding.UTF8.GetString(fixture.Body).ReplaceLineEndings("\n");
        foreach (var lineEnd in new[] { "\r\n", "\r", "\n" })
        {
            var other = fixture with { Body = AnswerFixture.Bytes("\uFEFF" + text.Replace("\n", lineEnd, StringComparison.Ordinal)) };
            var whole = AnswerRun.Of(other.Open(), other.Body);
            (whole.Summary with { Seen = default }).ShouldBe(AnswerRun.Of(fixture.Open(), fixture.Body).Summary with { Seen = default });
            Same(AnswerRun.ByByte(other.Open(), other.Body), whole, other);
            for (var cut = 0; cut <= other.Body.Length; cut++) Same(AnswerRun.Of(other.Open(), other.Body, cut), whole, other);
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Damaged_answers_pass_unchanged(AnswerFixture fixture)
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var body = fixture.Body.ToArray();
            for (var hits = random.Next(1, 8); hits > 0; hits--) body[random.Next(body.Length)] = (byte)random.Next(256);
            AnswerRun.Of(fixture.Open(), body, random.Next(body.Length)).All.ShouldBe(body);
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Noise_passes_unchanged(AnswerFixture fixture)
    {
        var random = new Random(11);
        var alphabet = "data: {}[]\",:\r\n\\event0"u8.ToArray();
        for (var i = 0; i < 200; i++)
        {
            var body = new byte[random.Next(600)];
            if (i % 2 == 0) random.NextBytes(body);
            else random.GetItems<byte>(alphabet, body);
            AnswerRun.ByByte(fixture.Open(), body).All.ShouldBe(body);
        }
    }

    [Fact]
    public void What_follows_the_release_of_the_end_passes_at_once()
    {
        var released = new System.Buffers.ArrayBufferWriter<byte>();
        using var reader = AnswerFixtures.ChatSse.Open();
        reader.Read(AnswerFixtures.ChatSse.Body, released);
        reader.IsComplete.ShouldBeTrue();
        reader.ReleaseHeld(released);
        reader.Read(": bye\n\n"u8, released);
        released.WrittenSpan.ToArray().ShouldBe([.. AnswerFixtures.ChatSse.Body, .. ": bye\n\n"u8]);
    }

    [Theory]
    [InlineData("{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":9}}}", 1, 1)]
    [InlineData("{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":20}}", 5, 15)]
    [InlineData("{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":9,\"total_tokens\":12}}", 5, 9)]
    public void Parts_that_do_not_add_up_are_flagged(string body, long input, long output)
    {
        var summary = AnswerRun.Of(AnswerFixtures.ChatJson.Open(), AnswerFixture.Bytes(body)).Summary;
        summary.IsInconsistent.ShouldBeTrue();
        (summary.Usage.InputTokens, summary.Usage.OutputTokens).ShouldBe((input, output));
    }

    [Theory]
    [InlineData(WireFormat.Opaque, EndpointKind.Chat)]
    [InlineData(WireFormat.Anthropic, EndpointKind.CountTokens)]
    [InlineData(WireFormat.OpenAiChat, EndpointKind.Metadata)]
    [InlineData(WireFormat.Gemini, EndpointKind.Api)]
    public void What_is_not_metered_is_not_read(WireFormat format, EndpointKind kind)
    {
        var run = AnswerRun.Of(AnswerReaders.Create(AnswerFixture.Endpoint(format, kind), "application/json", null, false), AnswerFixtures.ChatJson.Body);
        run.Summary.HasUsage.ShouldBeFalse();
        run.Summary.IsWhole.ShouldBeTrue();
        run.Early.Length.ShouldBe(AnswerFixtures.ChatJson.Body.Length - 1);
    }

    private static int WholeFrom(AnswerFixture fixture) => fixture.Body.Length - fixture.LooseEnd;

    private static void Same(AnswerRun run, AnswerRun whole, AnswerFixture fixture)
    {
        // Plain comparisons: these run some ten thousand times.
        var (summary, expected) = (run.Summary with { Seen = default }, whole.Summary with { Seen = default });
        if (summary != expected) summary.ShouldBe(expected);
        if (run.WasComplete != whole.WasComplete) run.WasComplete.ShouldBe(whole.WasComplete);
        if (!run.All.AsSpan().SequenceEqual(fixture.Body)) Encoding.UTF8.GetString(run.All).ShouldBe(Encoding.UTF8.GetString(fixture.Body));
    }
}
