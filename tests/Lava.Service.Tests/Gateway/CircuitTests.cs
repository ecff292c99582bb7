using System.Net;
using System.Net.Http.Headers;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Lava.Service.Tests.Gateway;

public sealed class CircuitTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public async Task A_host_that_keeps_failing_is_left_alone_and_others_are_not()
    {
        var circuits = new UpstreamCircuits(Options.Create(new GatewayOptions { CircuitSeconds = 15 }), _clock);
        var sent = 0;
        for (var i = 0; i < 20; i++) (await SendAsync(circuits, "bad.example", () => Answer(503, ref sent))).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Should.ThrowAsync<BrokenCircuitException>(async () => await SendAsync(circuits, "bad.example", () => Answer(200, ref sent)));
        sent.ShouldBe(20);
        (await SendAsync(circuits, "good.example", () => Answer(200, ref sent))).StatusCode.ShouldBe(HttpStatusCode.OK);

        _clock.Advance(TimeSpan.FromSeconds(16));
        (await SendAsync(circuits, "bad.example", () => Answer(200, ref sent))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(circuits, "bad.example", () => Answer(200, ref sent))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_the_caller_did_wrong_and_too_many_calls_say_nothing_of_the_host()
    {
        var circuits = new UpstreamCircuits(Options.Create(new GatewayOptions()), _clock);
        var sent = 0;
        for (var i = 0; i < 50; i++) await SendAsync(circuits, "host.example", () => Answer(i % 2 == 0 ? 400 : 429, ref sent));
        sent.ShouldBe(50);
    }

    [Fact]
    public async Task A_call_is_sent_again_as_often_as_the_operator_wants_unless_the_provider_says_much_later()
    {
        var circuits = new UpstreamCircuits(Options.Create(new GatewayOptions { Retries = 2, CircuitSeconds = 0 }), _clock);
        (await CountAsync(circuits, TimeSpan.Zero, 429, 503, 200)).ShouldBe((200, 3));
        (await CountAsync(circuits, TimeSpan.Zero, 429, 429, 429, 200)).ShouldBe((429, 3));
        (await CountAsync(circuits, TimeSpan.FromSeconds(60), 429, 200)).ShouldBe((429, 1));
        (await CountAsync(circuits, TimeSpan.Zero, 400, 200)).ShouldBe((400, 1));
    }

    private static async Task<(int Status, int Sent)> CountAsync(UpstreamCircuits circuits, TimeSpan retryAfter, params int[] statuses)
    {
        var sent = 0;
        using var answer = await SendAsync(circuits, "host.example", () => Answer(statuses[sent++], retryAfter));
        return ((int)answer.StatusCode, sent);
    }

    private static ValueTask<HttpResponseMessage> SendAsync(UpstreamCircuits circuits, string host, Func<HttpResponseMessage> answer) =>
        circuits.SendAsync(host, static (make, _) => Task.FromResult(make()), answer, CancellationToken.None);

    private static HttpResponseMessage Answer(int status, ref int sent)
    {
        sent++;
        return new HttpResponseMessage((HttpStatusCode)status);
    }

    private static HttpResponseMessage Answer(int status, TimeSpan retryAfter)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status);
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(retryAfter);
        return answer;
    }
}
