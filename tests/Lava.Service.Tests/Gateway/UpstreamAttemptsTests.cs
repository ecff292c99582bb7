using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Keys;
using Lava.Service.Gateway.Relay;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Metering.Records;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Tests.Gateway;

/// <summary>One attempt at a provider that answers with bytes of the test's choice.</summary>
public sealed class UpstreamAttemptsTests : IAsyncLifetime
{
    private static readonly byte[] Slow = Encoding.UTF8.GetBytes("HTTP/1.1 429 Too Many Requests\r\nretry-after: 60\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");

    private SettlementWorld _world = null!;

    // One try a key: the circuit's own tries are CircuitTests'.
    public async Task InitializeAsync() => _world = await SettlementWorld.StartAsync(1, 10, ("Lava:Gateway:Retries", "0"));

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_kept_answer_is_the_answer_and_nobody_is_asked()
    {
        var call = Call();
        call.Kept = new CachedAnswer(DateTimeOffset.UnixEpoch, 200, "application/json", null, "{}"u8.ToArray());
        var attempt = await SendAsync(call);
        ((int)attempt.Answer!.StatusCode, await attempt.Answer.Content.ReadAsStringAsync(), _world.Provider.Asked).ShouldBe((200, "{}", 0));
    }

    [Fact]
    public async Task A_key_that_the_provider_slows_down_rests_and_the_next_one_is_asked_once()
    {
        _world.Provider.Answer = stream => stream.WriteAsync(_world.Provider.Asked == 1 ? Slow : RawProvider.Whole(RawProvider.Chat())).AsTask();
        var ring = new KeyRing(["sk-1", "sk-2"], _world.Clock);
        var call = Call(ring, "sk-1");
        var attempt = await SendAsync(call);
        ((int)attempt.Answer!.StatusCode, call.ProviderKey, _world.Provider.Asked).ShouldBe((200, "sk-2", 2));
        for (var turn = 0; turn < 4; turn++) ring.Next().ShouldBe("sk-2");
        _world.Clock.Advance(TimeSpan.FromSeconds(61));
        Enumerable.Range(0, 2).Select(_ => ring.Next()).ShouldBe(["sk-1", "sk-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task When_every_key_is_slowed_down_the_last_refusal_is_the_answer()
    {
        _world.Provider.Answer = static stream => stream.WriteAsync(Slow).AsTask();
        var attempt = await SendAsync(Call(new KeyRing(["sk-1", "sk-2", "sk-3"], _world.Clock), "sk-1"));
        ((int)attempt.Answer!.StatusCode, _world.Provider.Asked, attempt.Failure).ShouldBe((429, 3, null));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_before_its_first_byte_is_none_where_a_fallback_can_follow()
    {
        _world.Provider.Answer = static stream => stream.WriteAsync(RawProvider.ChunkedHead("text/event-stream")).AsTask();
        var attempt = await SendAsync(Call(), hasNext: true);
        (attempt.Answer, attempt.Failure, attempt.Error!.Status).ShouldBe((null, CallFailure.ProviderUnreachable, 502));
    }

    [Fact]
    public async Task What_was_read_to_see_that_an_answer_begins_is_not_lost()
    {
        var attempt = await SendAsync(Call(), hasNext: true);
        await using var body = await attempt.OpenAsync(false, CancellationToken.None, null);
        using var reader = new StreamReader(body);
        (await reader.ReadToEndAsync()).ShouldBe(RawProvider.Chat());
    }

    [Fact]
    public async Task A_provider_that_speaks_no_http_is_unreachable()
    {
        _world.Provider.Answer = static stream => stream.WriteAsync("SSH-2.0-OpenSSH_9.9\r\n"u8.ToArray()).AsTask();
        var attempt = await SendAsync(Call());
        (attempt.Answer, attempt.Failure, attempt.IsFallbackCase).ShouldBe((null, CallFailure.ProviderUnreachable, true));
    }

    private async Task<UpstreamAttempt> SendAsync(ForwardCall call, bool hasNext = false)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.ContentType = "application/json";
        using var timeouts = new CallTimeouts(new GatewayOptions(), TimeProvider.System, http);
        return await _world.Get<UpstreamAttempts>().SendAsync(call, http.Request, timeouts, hasNext);
    }

    private ForwardCall Call(KeyRing? ring = null, string key = "sk-operator")
    {
        _world.Get<ProviderCatalogue>().TryResolve("POST", "api.openai.com", "/v1/chat/completions", out var match).ShouldBeTrue();
        return new ForwardCall
        {
            Incoming = new IncomingCall
            {
                Ulid = "01JD0000000000000000000000",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Started = 0,
                Method = "POST",
                Caller = new GatewayCaller(_world.Tenant, null, null),
                Metadata = new Dictionary<string, string>(),
                Body = default,
                ContentType = "application/json",
            },
            Url = new Uri("https://api.openai.com/v1/chat/completions"),
            Provider = match.Provider,
            Endpoint = match.Endpoint,
            Facts = new RequestFacts(),
            Body = Encoding.UTF8.GetBytes(SettlementWorld.Call),
            ProviderKey = key,
            KeyRing = ring,
            KeySource = KeySource.Managed,
            IsSandboxed = false,
        };
    }
}
