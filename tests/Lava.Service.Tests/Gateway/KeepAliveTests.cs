using System.IO.Pipelines;
using System.Text;
using Lava.Contracts.Tests;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Relay;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lava.Service.Tests.Gateway;

/// <summary>Comments in silent streams, over a relay whose provider and clock the test moves.</summary>
public sealed class KeepAliveTests : IAsyncDisposable
{
    private const string Comment = ": keep-alive\n\n";
    private const string First = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private const string Last = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\ndata: [DONE]\n\n";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(120);

    private static readonly ProviderEndpoint Chat = new() { Method = "POST", Path = "/v1/chat/completions", Kind = EndpointKind.Chat, Format = WireFormat.OpenAiChat };

    private readonly ManualTime _time = new();
    private readonly Pipe _provider = new();
    private readonly Pipe _client = new();
    private readonly List<AnswerSummary> _settled = [];
    private CallTimeouts? _patience;
    private AnswerReader? _reader;
    private Task<AnswerEnd>? _relay;

    public async ValueTask DisposeAsync()
    {
        await _provider.Writer.CompleteAsync();
        if (_relay is not null) await _relay;
        _patience?.Dispose();
        _reader?.Dispose();
    }

    [Fact]
    public async Task A_silent_stream_gets_a_comment_each_period()
    {
        Start("text/event-stream; charset=utf-8");
        await ProvideAsync(First);
        await ShouldReceiveAsync(First);
        await PassAsync(Period);
        await ShouldReceiveAsync(Comment);
        await PassAsync(Period);
        await ShouldReceiveAsync(Comment);
        await ProvideAsync(Last);
        await ShouldReceiveAsync(Last);
        await EndAsync(AnswerEnd.Whole);
        _settled.ShouldHaveSingleItem().Usage.TotalTokens.ShouldBe(5);
    }

    [Fact]
    public async Task Nothing_is_written_while_the_provider_speaks_often_enough()
    {
        Start();
        for (var i = 0; i < 4; i++)
        {
            await ProvideAsync(First);
            await ShouldReceiveAsync(First);
            await PassAsync(Period * 0.75);
        }

        // The last piece is three quarters of a period old: the comment comes with the fourth.
        await PassAsync(Period * 0.25);
        await ShouldReceiveAsync(Comment);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a long piece of an answer, longer than what waits\"", "}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n", "\n")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\r\n\r", "\n")]
    [InlineData("event: delta\n", "data: {}\n\n")]
    public async Task Nothing_is_written_inside_an_event(string begun, string rest)
    {
        Start();
        await ProvideAsync(First + begun);
        await ShouldReceiveAsync(First + begun);
        await PassAsync(Period);
        await ProvideAsync(rest);
        await ShouldReceiveAsync(rest);
        await PassAsync(Period);
        await ShouldReceiveAsync(Comment);
    }

    [Theory]
    [InlineData("data: {}\n\n")]
    [InlineData("data: {}\r\n\r\n")]
    [InlineData("data: {}\n\r\n")]
    [InlineData("data: {}\r\r")]
    public async Task Every_end_of_an_event_is_known(string piece)
    {
        Start();
        foreach (var letter in piece) await ProvideAsync(letter.ToString());
        await ShouldReceiveAsync(piece);
        await PassAsync(Period);
        await ShouldReceiveAsync(Comment);
    }

    [Fact]
    public async Task Nothing_is_written_before_the_first_byte()
    {
        Start();
        await PassAsync(Period);
        await PassAsync(Period);
        await ProvideAsync(First);
        await ShouldReceiveAsync(First);
    }

    [Fact]
    public async Task Nothing_is_written_after_the_end()
    {
        Start();
        await ProvideAsync(First + Last);
        await ShouldReceiveAsync(First + Last);

        // The provider keeps the connection open.
        _time.Advance(Period);
        _time.Advance(Period);
        await EndAsync(AnswerEnd.Whole);
    }

    [Theory]
    [InlineData("application/json", null, null)]
    [InlineData("application/vnd.amazon.eventstream", null, null)]
    [InlineData("text/event-stream", "gzip", null)]
    [InlineData("text/event-stream", null, 100L)]
    [InlineData("text/event-streams", null, null)]
    public void Only_plain_events_of_no_told_length_are_kept_alive(string type, string? encoding, long? length)
    {
        var http = Client(type);
        http.Response.ContentLength = length;
        if (encoding is not null) http.Response.Headers.ContentEncoding = encoding;
        using var patience = new CallTimeouts(new GatewayOptions { KeepAliveSeconds = 120 }, _time, new DefaultHttpContext());
        patience.ClientOf(http.Response).ShouldBeSameAs(http.Response.BodyWriter);
    }

    [Fact]
    public void It_is_off_unless_a_period_is_set()
    {
        using var patience = new CallTimeouts(new GatewayOptions(), _time, new DefaultHttpContext());
        var response = Client("text/event-stream").Response;
        patience.ClientOf(response).ShouldBeSameAs(response.BodyWriter);
    }

    private void Start(string type = "text/event-stream")
    {
        _patience = new CallTimeouts(new GatewayOptions { KeepAliveSeconds = 120, IdleSeconds = 3_600 }, _time, new DefaultHttpContext());
        _reader = AnswerReaders.Create(Chat, type, null, withholdUsage: false);
        _relay = AnswerRelay.CopyAsync(AnswerSink.Of(null, isStream: true, _patience.ClientOf(Client(type).Response), _patience), _provider.Reader.AsStream(), _reader, isStream: true, usageIsEnd: true, summary =>
        {
            _settled.Add(summary);
            return Task.CompletedTask;
        }, _patience);
    }

    private DefaultHttpContext Client(string type)
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_client.Writer.AsStream()));
        http.Response.ContentType = type;
        return http;
    }

    private async Task ProvideAsync(string text) => await _provider.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Moves the clock while the relay waits, and lets what was due be done: two timers are set then, the provider's patience and the next comment's.</summary>
    private async Task PassAsync(TimeSpan span)
    {
        await RestAsync();
        _time.Advance(span);
        await RestAsync();
    }

    private async Task RestAsync()
    {
        while (_time.Waiting != 2) await Task.Yield();
    }

    /// <summary>The next bytes of the client are these; more would be found by the next call, or at the end.</summary>
    private async Task ShouldReceiveAsync(string expected)
    {
        var read = await _client.Reader.ReadAtLeastAsync(expected.Length).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        var text = Encoding.UTF8.GetString(read.Buffer);
        text.ShouldStartWith(expected);
        _client.Reader.AdvanceTo(read.Buffer.GetPosition(expected.Length));
    }

    private async Task EndAsync(AnswerEnd expected)
    {
        await _provider.Writer.CompleteAsync();
        (await _relay!).ShouldBe(expected);
        await _client.Writer.CompleteAsync();
        var rest = await _client.Reader.ReadAsync();
        rest.Buffer.IsEmpty.ShouldBeTrue(Encoding.UTF8.GetString(rest.Buffer));
    }
}
