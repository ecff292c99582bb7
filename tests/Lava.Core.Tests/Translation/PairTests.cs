using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Translation;

namespace Lava.Core.Tests.Translation;

public sealed class PairTests
{
    [Fact]
    public void Every_format_of_conversations_is_translated_into_every_other() =>
        Run.Pairs.ShouldAllBe(pair => Translator.For(pair.Client, pair.Provider) != null);

    [Theory]
    [InlineData(WireFormat.Opaque)]
    [InlineData(WireFormat.OpenAiMedia)]
    [InlineData(WireFormat.ElevenLabs)]
    public void Other_formats_are_not_translated(WireFormat format)
    {
        Translator.For(format, WireFormat.Anthropic).ShouldBeNull();
        Translator.For(WireFormat.Anthropic, format).ShouldBeNull();
    }

    /// <summary>An answer that was translated to another format and read there says what it said.</summary>
    [Fact]
    public void A_whole_answer_says_the_same_in_every_clients_format()
    {
        foreach (var (client, provider) in Run.Pairs)
        {
            var answer = Seen.Of(client, Run.Answer(Run.Plain(client, provider), Samples.Answer(provider)));
            answer.ShouldBe(Expected(client), $"{provider} to {client}");
        }
    }

    [Fact]
    public void A_stream_says_the_same_as_the_whole_answer_in_every_clients_format()
    {
        foreach (var (client, provider) in Run.Pairs)
        {
            var bytes = Run.Stream(Run.Plain(client, provider, stream: true), Samples.Stream(provider));
            Seen.OfStream(client, bytes).ShouldBe(Expected(client), $"{provider} to {client}: {Encoding.UTF8.GetString(bytes)}");
        }
    }

    [Fact]
    public void A_stream_comes_out_the_same_however_it_is_cut()
    {
        foreach (var (client, provider) in Run.Pairs)
        {
            var request = Run.Plain(client, provider, stream: true);
            var bytes = Samples.Stream(provider);
            var whole = Run.Stream(request, bytes);
            Run.Stream(request, bytes, [.. Enumerable.Range(0, bytes.Length)]).ShouldBe(whole, $"{provider} to {client}");
            for (var cut = 1; cut < bytes.Length; cut += 7) Run.Stream(request, bytes, cut).ShouldBe(whole);
        }
    }

    [Fact]
    public void A_stream_that_breaks_off_ends_in_an_error_of_the_clients_dialect()
    {
        foreach (var (client, provider) in Run.Pairs)
        {
            var bytes = Samples.Stream(provider);
            var text = Encoding.UTF8.GetString(Run.Stream(Run.Plain(client, provider, stream: true), bytes.AsSpan(0, bytes.Length / 2)));
            text.ShouldContain("ended before its response was complete", Case.Sensitive, $"{provider} to {client}");
            text.ShouldNotContain("[DONE]");
            text.ShouldNotContain("message_stop");
        }
    }

    private static string Expected(WireFormat client)
    {
        var finish = client == WireFormat.Gemini ? "STOP" : client is WireFormat.OpenAiChat ? "tool_calls" : client == WireFormat.OpenAiResponses ? "completed" : "tool_use";
        return $$"""Let me look.|weather{"city":"Zürich"}|{{finish}}|30/10/12""";
    }
}
