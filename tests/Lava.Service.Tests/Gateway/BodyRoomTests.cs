using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text.Json;
using System.Text;
using Lava.Contracts.Tests;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Gateway;

/// <summary>One caller cannot fill a server with bodies.</summary>
public sealed class BodyRoomTests
{
    private static readonly GatewayOptions Settings = new() { MaxBodyBytes = 1_000_000, MaxBodyBytesInFlight = 6_000_000, UploadSeconds = 30 };

    [Fact]
    public void A_merchant_has_a_third_of_the_room_and_what_ends_gives_it_back()
    {
        var room = Room();
        using var first = room.Open("a");
        first.TryTake(2_000_000).ShouldBeNull();
        using var second = room.Open("a");
        second.TryTake(1).ShouldNotBeNull().Status.ShouldBe(429);
        using var other = room.Open("b");
        other.TryTake(2_000_000).ShouldBeNull();
        first.Dispose();
        first.Dispose();
        second.TryTake(2_000_000).ShouldBeNull();
        room.Taken.ShouldBe(4_000_000);
    }

    [Fact]
    public void A_full_room_is_told_as_such()
    {
        var room = Room();
        foreach (var merchant in new[] { "a", "b", "c" }) room.Open(merchant).TryTake(2_000_000).ShouldBeNull();
        room.Open("d").TryTake(1).ShouldNotBeNull().Status.ShouldBe(503);
    }

    [Fact]
    public async Task What_is_announced_takes_no_room_before_it_comes()
    {
        var room = Room();
        var body = new Dripping();
        var (reading, http) = Read(room, body.Body, 900_000);
        await body.SendAsync(300);
        room.Taken.ShouldBe(16 * 1024);
        await body.SendAsync(40_000);
        room.Taken.ShouldBe(64 * 1024);
        reading.IsCompleted.ShouldBeFalse();
        await body.SendAsync(900_000 - 40_300);
        var (bytes, error) = await reading;
        (bytes.Length, error, room.Taken).ShouldBe((900_000, null, 900_000));
        await EndAsync(http);
        room.Taken.ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_has_one_deadline_however_it_drips()
    {
        var room = Room();
        var time = new ManualTime();
        var body = new Dripping();
        var (reading, http) = Read(room, body.Body, 900_000, time);
        for (var i = 0; i < 29; i++)
        {
            await body.SendAsync(300);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        reading.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        (await reading).Error.ShouldNotBeNull().Code.ShouldBe("upload_too_slow");
        await EndAsync(http);
        room.Taken.ShouldBe(0);
    }

    [Theory]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_001, false)]
    public async Task A_body_without_a_length_is_read_to_the_limit(int length, bool isRead)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(new byte[length]);
        var (body, error) = await new BodyReader(Room(), Options.Create(Settings), TimeProvider.System).ReadAsync(http, "a");
        (body.Length, error?.Status).ShouldBe(isRead ? (length, null) : (0, 413));
    }

    /// <summary>The body is never sent: a server that read it first would wait for it.</summary>
    [Fact]
    public async Task A_key_without_calls_left_is_refused_before_its_body_is_read()
    {
        var world = new OddProviderWorld();
        await world.InitializeAsync();
        try
        {
            var merchant = await world.NewMerchantAsync();
            var (_, made, _, _) = await world.CallAsync(merchant.TestKey, "/v1/spend_keys", """{"name":"Agent","request_limit":{"count":1,"cycle":"total"}}""");
            var key = JsonElement.Parse(made).GetProperty("key").GetString();
            world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
            (await world.CallAsync(key!, "/v1/chat/completions", """{"model":"gpt-4o-mini","max_tokens":1,"messages":[]}""")).Status.ShouldBe(200);
            using var client = new TcpClient();
            await client.ConnectAsync(world.Address.Host, world.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n"));
            using var reader = new StreamReader(client.GetStream());
            (await reader.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("HTTP/1.1 429");
        }
        finally
        {
            await world.DisposeAsync();
        }
    }

    private static BodyRoom Room() => new(Options.Create(Settings));

    private static (Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> Reading, Ending Http) Read(BodyRoom room, Stream body, long declared, TimeProvider? time = null)
    {
        var ending = new Ending();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(ending);
        http.Request.Body = body;
        http.Request.ContentLength = declared;
        return (new BodyReader(room, Options.Create(Settings), time ?? TimeProvider.System).ReadAsync(http, "a").AsTask(), ending);
    }

    private static async Task EndAsync(Ending http)
    {
        foreach (var (callback, state) in http.Completed) await callback(state);
    }

    /// <summary>A response whose end the test brings about.</summary>
    private sealed class Ending : HttpResponseFeature
    {
        public List<(Func<object, Task> Callback, object State)> Completed { get; } = [];

        public override void OnCompleted(Func<object, Task> callback, object state) => Completed.Add((callback, state));
    }

    /// <summary>A body that comes as the test sends it; when a send returns, the reader has taken it and asked for more.</summary>
    private sealed class Dripping
    {
        private readonly Pipe _pipe = new(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

        public Stream Body => _pipe.Reader.AsStream();

        public async Task SendAsync(int bytes)
        {
            _pipe.Writer.GetSpan(bytes);
            _pipe.Writer.Advance(bytes);
            await _pipe.Writer.FlushAsync();
        }
    }
}
