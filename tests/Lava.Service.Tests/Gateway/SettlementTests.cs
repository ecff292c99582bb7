using System.Net;
using System.Net.Sockets;
using System.Text;
using Lava.Core.Ledger;
using Lava.Service.Ledger.Books;
using Lava.Service.Ledger.Leases;

namespace Lava.Service.Tests.Gateway;

/// <summary>How answers end that cannot be settled, delivered or translated: the client sees that they are not whole, and nobody is charged for them.</summary>
public sealed class SettlementTests
{
    [Fact]
    public async Task Calls_of_a_server_that_stood_still_while_another_spent_their_credits_are_cut_and_not_charged()
    {
        await using var world = await SettlementWorld.StartAsync(servers: 2);
        (await world.CallAsync()).Status.ShouldBe(200);
        (await world.CreditsAsync()).ShouldBe(9);
        var thaw = new TaskCompletionSource();
        world.Provider.Answer = async stream =>
        {
            await thaw.Task;
            await stream.WriteAsync(RawProvider.Whole(RawProvider.Chat()));
        };
        var frozen = Enumerable.Range(0, 9).Select(_ => world.CallAsync()).ToList();
        await SettlementWorld.WaitAsync(() => Task.FromResult(world.Provider.Asked == 10));

        // The first server stands still from here on: only time passes for it.
        world.Provider.Answer = static stream => stream.WriteAsync(RawProvider.Whole(RawProvider.Chat())).AsTask();
        (await world.CallAsync(1)).Code.ShouldBe("insufficient_credits");
        world.Clock.Advance(LapsedLeases.WatchTime);
        (await world.CallAsync(1)).Code.ShouldBe("insufficient_credits");
        await SettlementWorld.WaitAsync(() => world.IsFreeAsync(9, 1));
        for (var i = 0; i < 9; i++) (await world.CallAsync(1)).Status.ShouldBe(200);
        (await world.CallAsync(1)).Code.ShouldBe("insufficient_credits");

        thaw.SetResult();
        var ends = await Task.WhenAll(frozen);
        ends.ShouldAllBe(end => end.Status == 503);
        (await world.CreditsAsync()).ShouldBe(0);
        var shown = await world.SendAsync(world.Merchant.TestKey, "/v1/requests/" + ends[0].Header("x-lava-request-id"), null, method: "GET");
        (shown["status"], shown["error_code"]).ShouldBe(("error", "reservation_lost"));
        await world.AuditAsync();
    }

    [Fact]
    public async Task Calls_of_a_server_that_stood_still_and_whose_credits_nobody_took_are_delivered_and_charged()
    {
        await using var world = await SettlementWorld.StartAsync();
        var thaw = new TaskCompletionSource();
        world.Provider.Answer = async stream =>
        {
            await thaw.Task;
            await stream.WriteAsync(RawProvider.Whole(RawProvider.Chat()));
        };
        var frozen = Enumerable.Range(0, 10).Select(_ => world.CallAsync()).ToList();
        await SettlementWorld.WaitAsync(() => Task.FromResult(world.Provider.Asked == 10));
        world.Clock.Advance(TimeSpan.FromSeconds(75));
        (await world.CallAsync()).Code.ShouldBe("insufficient_credits");
        thaw.SetResult();
        (await Task.WhenAll(frozen)).ShouldAllBe(end => end.Status == 200);
        (await world.CreditsAsync()).ShouldBe(0);
        await world.AuditAsync();
    }

    [Theory]
    [InlineData(SettlementWorld.Chat)]
    [InlineData("/v1/messages")]
    public async Task A_whole_answer_that_cannot_be_settled_is_an_error_in_the_envelope_and_nothing_of_it_is_sent(string path)
    {
        await using var world = await SettlementWorld.StartAsync();
        world.IsQueueDown = true;
        using var response = await world.OpenAsync(world.Token, path, SettlementWorld.Call);
        var body = await response.Content.ReadAsByteArrayAsync();
        ((int)response.StatusCode, (long)body.Length).ShouldBe((503, response.Content.Headers.ContentLength!.Value));
        Encoding.UTF8.GetString(body).ShouldNotContain("chatcmpl");
        Encoding.UTF8.GetString(body).ShouldContain("temporarily_unavailable");
        response.Headers.GetValues("x-lava-request-id").Single().ShouldStartWith("req_test_");
        world.IsQueueDown = false;
        (await world.CreditsAsync()).ShouldBe(10);
        await world.AuditAsync();
    }

    [Fact]
    public async Task A_stream_that_cannot_be_settled_is_cut_before_its_end()
    {
        await using var world = await SettlementWorld.StartAsync();
        world.Provider.Answer = async stream =>
        {
            await stream.WriteAsync(RawProvider.ChunkedHead("text/event-stream"));
            foreach (var text in StreamOf("stop")) await stream.WriteAsync(RawProvider.Chunk(text));
            await stream.WriteAsync(RawProvider.Chunk(""));
        };
        world.IsQueueDown = true;
        using var response = await world.OpenAsync(world.Token, SettlementWorld.Chat, Streaming);
        ((int)response.StatusCode).ShouldBe(200);
        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        world.IsQueueDown = false;
        (await world.CreditsAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_translated_to_its_end_is_an_error_to_the_client_and_is_not_charged()
    {
        await using var world = await SettlementWorld.StartAsync();
        world.Provider.Answer = async stream =>
        {
            // Usage and the end are there, and between them something that is no JSON.
            await stream.WriteAsync(RawProvider.ChunkedHead("text/event-stream"));
            foreach (var text in StreamOf("stop").Prepend("data: {\"id\":\n\n")) await stream.WriteAsync(RawProvider.Chunk(text));
            await stream.WriteAsync(RawProvider.Chunk(""));
        };
        using var response = await world.OpenAsync(world.Token, "/v1/messages", Streaming);
        await using var answer = await response.Content.ReadAsStreamAsync();
        var read = await ReadToCutAsync(answer);
        read.IsCut.ShouldBeTrue(read.Text);
        read.Text.ShouldContain("event: error");
        read.Text.ShouldNotContain("message_stop");
        (await world.CreditsAsync()).ShouldBe(10);
        await world.AuditAsync();
    }

    [Fact]
    public async Task A_provider_that_switches_protocols_has_not_answered()
    {
        await using var world = await SettlementWorld.StartAsync();
        world.Provider.Answer = static stream => stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"u8.ToArray()).AsTask();
        var answer = await world.CallAsync();
        answer.Status.ShouldBe(502);
        (await world.CreditsAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_length_beside_chunks_says_nothing()
    {
        await using var world = await SettlementWorld.StartAsync();
        world.Provider.Answer = static async stream =>
        {
            await stream.WriteAsync(RawProvider.ChunkedHead("application/json", "content-length: 7\r\n"));
            await stream.WriteAsync(RawProvider.Chunk(RawProvider.Chat()));
            await stream.WriteAsync(RawProvider.Chunk(""));
        };
        var answer = await world.CallAsync();
        (answer.Status, answer["id"]).ShouldBe((200, "chatcmpl-1"));
        (await world.CreditsAsync()).ShouldBe(9);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_off_and_charged_and_holds_nothing_any_more()
    {
        await using var world = await SettlementWorld.StartAsync(1, 10, ("Lava:Gateway:WriteSeconds", "1"), ("Lava:Gateway:DrainSeconds", "0"));
        var event16K = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + new string('a', 16_000) + "\"}}]}\n\n";
        world.Provider.Answer = async stream =>
        {
            await stream.WriteAsync(RawProvider.ChunkedHead("text/event-stream"));
            for (var i = 0; i < 4_000; i++) await stream.WriteAsync(RawProvider.Chunk(event16K));
        };
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await client.ConnectAsync(IPAddress.Loopback, world.AddressOf().Port);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            $"POST {SettlementWorld.Chat} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {world.Token}\r\ncontent-type: application/json\r\ncontent-length: {Streaming.Length}\r\n\r\n{Streaming}"));
        await SettlementWorld.WaitAsync(() => Task.FromResult(world.Provider.Asked == 1));

        // The provider bills what it has done, so the call is charged; it holds nothing any more.
        await SettlementWorld.WaitAsync(async () => (await world.SendAsync(world.Merchant.TestKey, "/v1/requests", null, method: "GET")).Body.GetProperty("data").GetArrayLength() == 1);
        (await world.CreditsAsync()).ShouldBe(9);
        (await world.IsFreeAsync(9)).ShouldBeTrue();
    }

    [Fact]
    public async Task Metering_that_is_behind_refuses_nobody_who_has_money()
    {
        await using var world = await SettlementWorld.StartAsync(1, 0);
        var book = BookKey.Wallet(world.Tenant);
        var budgets = world.Get<Budgets>();

        // A call may cost a hundred times what its answer costs. Nothing is metered meanwhile, for the store's clock stands still.
        var left = 1_000m;
        world.Provider.Answer = static stream => stream.WriteAsync(RawProvider.Whole(RawProvider.Chat(10, 10))).AsTask();
        for (var i = 0; i < 5; i++)
        {
            (await world.SendAsync(world.Merchant.TestKey, SettlementWorld.Chat, SettlementWorld.Call)).Status.ShouldBe(200);
            left -= (10 * 0.15m / 1_000_000) + (10 * 0.6m / 1_000_000);
        }

        var whole = await budgets.TryReserveAsync(book, Account.Wallet, left, CancellationToken.None);
        whole.ShouldNotBeNull();
        (await budgets.TryReserveAsync(book, Account.Wallet, 0.000001m, CancellationToken.None)).ShouldBeNull();
    }

    private const string Streaming = """{"model":"gpt-4o-mini","max_tokens":1000,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    private static IEnumerable<string> StreamOf(string reason)
    {
        yield return """data: {"id":"chatcmpl-1","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]}""" + "\n\n";
        yield return $$$"""data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""" + "\n\n";
        yield return """data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":10,"total_tokens":20}}""" + "\n\n";
        yield return "data: [DONE]\n\n";
    }

    private static async Task<(string Text, bool IsCut)> ReadToCutAsync(Stream answer)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            int read;
            try
            {
                read = await answer.ReadAsync(buffer);
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                return (text.ToString(), true);
            }

            if (read == 0) return (text.ToString(), false);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }
}
