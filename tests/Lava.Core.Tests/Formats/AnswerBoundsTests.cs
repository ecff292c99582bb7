using System.Buffers;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>Whatever comes, a reader keeps little of it.</summary>
public sealed class AnswerBoundsTests
{
    private const int Piece = 8 * 1024;

    public static TheoryData<AnswerFixture, string, string, string> Floods { get; } = new()
    {
        { AnswerFixtures.Embeddings, "{\"data\":[{\"embedding\":[", "0.0123,", "1]}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}" },
        { AnswerFixtures.ChatJson, "{\"id\":\"", "long", "\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}" },
        { AnswerFixtures.ChatJson, "{\"a\":", "[[[{", "" },
        { AnswerFixtures.ChatJson, "", "garbage, ", "" },
        { AnswerFixtures.ChatSse, "data: {\"choices\":[{\"delta\":{\"content\":\"", "aaaaaaaa", "\"}}],\"usage\":{\"prompt_tokens\":8}}\n\ndata: [DONE]\n\n" },
        { AnswerFixtures.ChatSse, "", "data: x\n", "\n" },
        { AnswerFixtures.ChatSse, "event: ", "aaaaaaaa", "\n\n" },
        { AnswerFixtures.ChatSse, "", "aaaaaaaa", "\n\n" },
        { AnswerFixtures.ResponsesSse, "event: response.completed\ndata: {\"response\":{\"output\":\"", "aaaaaaaa", "\",\"usage\":{\"input_tokens\":8,\"output_tokens\":0}}}\n\n" },
        { AnswerFixtures.GeminiArray, "[", "{\"usageMetadata\":{\"promptTokenCount\":8}},", "{}]" },
        { AnswerFixtures.BedrockStream, "\u0000\u0000\u0000", "aaaaaaaa", "" },
        { AnswerFixtures.InvokeStream, "\u0000\u0000\u0000", "aaaaaaaa", "" },
        { AnswerFixtures.InvokeStream, "\u0000\u0000\u0000\u000d\u0000\u0000\u0000\u0000", "aaaaaaaa", "" },
        { AnswerFixtures.InvokeStream, "\u0000\u0000\u0000\u0010\u0000\u0000\u0000\u0001", "aaaaaaaa", "" },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_passes_in_bounded_memory(AnswerFixture fixture, string before, string repeated, string after)
    {
        foreach (var withhold in new[] { false, true })
        {
            using var reader = fixture.Open(withhold);
            var counter = new CountingWriter();
            var sent = 0L;
            Send(reader, AnswerFixture.Bytes(before));
            var piece = AnswerFixture.Bytes(string.Concat(Enumerable.Repeat(repeated, Piece / repeated.Length)));
            Send(reader, piece);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2_000; i++)
            {
                Send(reader, piece);
                (sent - counter.Count).ShouldBeLessThanOrEqualTo(64 * 1024);
            }

            Send(reader, AnswerFixture.Bytes(after));
            (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(1_500_000);
            reader.Finish();
            if (after.Contains("usage", StringComparison.Ordinal)) reader.Summary.Usage.InputTokens.ShouldBe(8);
            reader.ReleaseHeld(counter);
            counter.Count.ShouldBe(sent);

            void Send(AnswerReader to, byte[] bytes)
            {
                to.Read(bytes, counter);
                sent += bytes.Length;
            }
        }
    }

    [Fact]
    public void A_usage_member_beyond_the_bound_is_given_up_and_flagged()
    {
        var body = AnswerFixture.Bytes("{\"usage\":{\"note\":\"" + new string('x', 70_000) + "\",\"prompt_tokens\":5}}");
        var run = AnswerRun.Of(AnswerFixtures.ChatJson.Open(), body);
        run.All.ShouldBe(body);
        run.Summary.HasUsage.ShouldBeFalse();
        run.Summary.IsInconsistent.ShouldBeTrue();
        run.Summary.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void A_delta_costs_no_allocation()
    {
        var delta = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}],\"usage\":null}\n\n"u8.ToArray();
        using var reader = AnswerFixtures.ChatSse.Open(withholdUsage: true);
        var counter = new CountingWriter();
        for (var i = 0; i < 10; i++) reader.Read(delta, counter);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) reader.Read(delta, counter);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private sealed class CountingWriter : IBufferWriter<byte>
    {
        private byte[] _scratch = new byte[256 * 1024];

        public long Count { get; private set; }

        public void Advance(int count) => Count += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => Scratch(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => Scratch(sizeHint);

        private byte[] Scratch(int size) => _scratch.Length >= size ? _scratch : _scratch = new byte[size];
    }
}
