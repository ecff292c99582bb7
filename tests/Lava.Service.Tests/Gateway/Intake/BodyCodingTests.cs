using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ZstdSharp;

namespace Lava.Service.Tests.Gateway.Intake;

/// <summary>Request bodies with a content coding.</summary>
public sealed class BodyCodingTests(OddProviderWorld world) : IClassFixture<OddProviderWorld>
{
    private const string Call = """{"model":"gpt-4o-mini","max_tokens":10,"messages":[{"role":"user","content":"Grüß dich"}]}""";

    private static readonly GatewayOptions Settings = new() { MaxBodyBytes = 1_000_000, MaxBodyBytesInFlight = 6_000_000 };

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    [InlineData("gzip, br")]
    [InlineData("identity")]
    public async Task A_provider_gets_the_plain_body(string coding)
    {
        var merchant = await world.NewMerchantAsync();
        world.AnswerWith("""{"id":"x","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":10}}""");
        var (status, text, id, _) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, Encoded(Encoding.UTF8.GetBytes(Call), coding), []);
        status.ShouldBe(200, text);
        world.Seen.Body.ShouldBe(Call);
        world.Seen.Headers.ShouldNotContainKey("content-encoding");
        world.Seen.Headers["content-length"].ShouldBe(Encoding.UTF8.GetByteCount(Call).ToString());
        OddProviderWorld.CostOf(await world.MeteredAsync(merchant.TestKey, id)).ShouldBe(0.000156m);
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("gzip, gzip, gzip")]
    [InlineData("x-unheard-of")]
    public async Task Another_coding_is_415_in_the_envelope_of_the_gateway(string coding)
    {
        var merchant = await world.NewMerchantAsync();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Call)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        var (status, text, _, response) = await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, content, []);
        status.ShouldBe(415);
        var body = JsonElement.Parse(text);
        (body.GetProperty("type").GetString(), body.GetProperty("error").GetProperty("code").GetString()).ShouldBe(("error", "content_encoding_unsupported"));
        response.Headers.GetValues("accept-encoding").Single().ShouldContain("zstd");
    }

    [Fact]
    public async Task A_management_endpoint_takes_no_encoded_body()
    {
        var merchant = await world.NewMerchantAsync();
        (await world.CallAsync(merchant.TestKey, "/v1/customers", Encoded("{}"u8.ToArray(), "gzip"), [])).Status.ShouldBe(415);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task A_bomb_is_refused_and_its_room_given_back_with_the_request(string coding)
    {
        var bomb = await Encoded(new byte[200_000_000], coding).ReadAsByteArrayAsync();
        bomb.Length.ShouldBeLessThan(1_000_000);
        var room = new BodyRoom(Options.Create(Settings));
        (await ReadAsync(room, bomb, coding)).Error.ShouldNotBeNull().Code.ShouldBe("payload_too_large");
        room.Taken.ShouldBeLessThan(3_000_000);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task What_is_cut_or_of_another_coding_is_refused_and_sent_nowhere(string coding)
    {
        var merchant = await world.NewMerchantAsync();
        var asked = world.Asked;
        var whole = await Encoded(Encoding.UTF8.GetBytes(Call), coding).ReadAsByteArrayAsync();
        foreach (var body in new[] { whole[..(whole.Length / 2)], Encoding.UTF8.GetBytes(Call) })
        {
            var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            (await world.CallAsync(merchant.TestKey, OddProviderWorld.Chat, content, [])).Status.ShouldBe(400);
        }

        world.Asked.ShouldBe(asked);
    }

    [Fact]
    public async Task A_body_may_have_just_as_many_bytes_as_are_allowed()
    {
        (await ReadAsync(new BodyRoom(Options.Create(Settings)), await Encoded(new byte[1_000_000], "gzip").ReadAsByteArrayAsync(), "gzip")).Body.Length
            .ShouldBe(1_000_000);
        (await ReadAsync(new BodyRoom(Options.Create(Settings)), await Encoded(new byte[1_000_001], "gzip").ReadAsByteArrayAsync(), "gzip")).Error.ShouldNotBeNull().Status.ShouldBe(413);
    }

    private static async Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(BodyRoom room, byte[] body, string coding)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        http.Request.Headers.ContentEncoding = coding;
        return await new BodyReader(room, Options.Create(Settings), TimeProvider.System).ReadAsync(http, "a");
    }

    private static ByteArrayContent Encoded(byte[] body, string codings)
    {
        foreach (var coding in codings.Split(", "))
        {
            using var encoded = new MemoryStream();
            using (Stream encoder = coding.ToLowerInvariant() switch
            {
                "gzip" => new GZipStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                "br" => new BrotliStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                "zstd" => new CompressionStream(encoded, leaveOpen: true),
                _ => encoded,
            }) encoder.Write(body);
            if (coding != "identity") body = encoded.ToArray();
        }

        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        content.Headers.TryAddWithoutValidation("Content-Encoding", codings);
        return content;
    }
}
