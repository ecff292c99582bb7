using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Catalogue;
using Lava.Core.Translation;
using Lava.Core.Translation.Json;

namespace Lava.Core.Tests.Translation;

/// <summary>What a format can say it says: written and read again, it is what it was.</summary>
public sealed class RoundTripTests
{
    private static readonly ReplyFrame Frame = new() { Model = "asked", AnswerId = "A1", CreatedAt = 1 };

    public static TheoryData<WireFormat> Formats => new(Run.Formats);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_conversation_that_is_written_and_read_is_the_same(WireFormat format) =>
        Prop.ForAll(new Expressible(format).Conversations().ToArbitrary(), conversation =>
        {
            var dialect = Dialect.Of(format)!;
            var issues = new Issues(dialect.Names);
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = JsonOutput.Open(buffer)) dialect.WriteRequest(conversation, json, issues);
            issues.First.ShouldBeNull();
            using var document = JsonDocument.Parse(buffer.WrittenMemory);
            var read = dialect.ReadRequest(new JsonView(document.RootElement, null, issues));
            issues.First.ShouldBeNull();
            Canon.Text(read).ShouldBe(Canon.Text(conversation), Encoding.UTF8.GetString(buffer.WrittenSpan));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Formats))]
    public void An_answer_that_is_written_and_read_is_the_same(WireFormat format) =>
        Prop.ForAll(new Expressible(format).Answers().ToArbitrary(), answer =>
        {
            var dialect = Dialect.Of(format)!;
            var issues = new Issues(dialect.Names);
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = JsonOutput.Open(buffer)) dialect.WriteAnswer(answer, Frame, json);
            using var document = JsonDocument.Parse(buffer.WrittenMemory);
            var read = dialect.ReadAnswer(document.RootElement, issues);
            issues.First.ShouldBeNull();
            Canon.Text(read).ShouldBe(Canon.Text(answer), Encoding.UTF8.GetString(buffer.WrittenSpan));
        }).QuickCheckThrowOnFailure();

    /// <summary>A stream that one format's writer wrote says, read and written by another's, what the whole answer would.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void A_written_stream_is_read_again_to_the_same_events(WireFormat format)
    {
        var through = format == WireFormat.Anthropic ? WireFormat.OpenAiChat : WireFormat.Anthropic;
        var bytes = Samples.Stream(through);
        var direct = Run.Stream(Run.Plain(WireFormat.OpenAiChat == through ? WireFormat.BedrockConverse : WireFormat.OpenAiChat, through, stream: true), bytes);
        var written = Run.Stream(Run.Plain(format, through, stream: true), bytes);
        var client = WireFormat.OpenAiChat == through ? WireFormat.BedrockConverse : WireFormat.OpenAiChat;
        var again = client == format ? direct : Run.Stream(Run.Plain(client, format, stream: true), written);
        Seen.OfStream(client, again).ShouldBe(Seen.OfStream(client, direct));
    }
}
