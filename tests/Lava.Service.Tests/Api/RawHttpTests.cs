using System.Net.Sockets;
using System.Text;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

/// <summary>Bytes that a proxy in front and this server could read as different requests (RFC 9112, sections 3, 5, 6 and 11.2). One request is answered, or none; what follows in the bytes is never taken for another.</summary>
public sealed class RawHttpTests(LavaFixture lava) : IClassFixture<LavaFixture>
{
    private const string Hidden = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>Requests that are refused, and after which the connection is closed.</summary>
    public static TheoryData<string> Refused =>
    [
        // Two lengths.
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 3\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: -2\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 0x2\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 2e0\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{}" + Hidden,

        // A transfer coding that is not the last word, or no coding.
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\u000bchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Hidden,

        // Chunks that are none.
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n" + Hidden,
        "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}X\r\n0\r\n\r\n" + Hidden,

        // Headers that are none.
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n continued\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nX-A: a\rb\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nX A: 1\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nX-A: 1\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1\r\nHost: x/y@z\r\n\r\n" + Hidden,

        // Request lines that are none.
        "GET /v1/wallet\r\nHost: x\r\n\r\n" + Hidden,
        "GET  /v1/wallet HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.1 \r\nHost: x\r\n\r\n" + Hidden,
        "GET /v1/wa llet HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/1.2\r\nHost: x\r\n\r\n" + Hidden,
        "GET /v1/wallet HTTP/3.0\r\nHost: x\r\n\r\n" + Hidden,
        "G\u0001T /v1/wallet HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden,
        "GET v1/wallet HTTP/1.1\r\nHost: x\r\n\r\n" + Hidden,
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_may_be_read_in_two_ways_is_answered_once_at_most_and_ends_the_connection(string bytes)
    {
        var answers = await ExchangeAsync(bytes);
        answers.Count.ShouldBeLessThanOrEqualTo(1, string.Join("\n---\n", answers));
        foreach (var answer in answers) int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(400, 505, answer);
    }

    [Fact]
    public async Task A_chunked_body_beside_a_length_is_read_as_chunked_and_ends_the_connection()
    {
        // RFC 9112, section 6.3: chunked wins; a server closes the connection after the answer, so that nothing behind is read by another's rule.
        var answers = await ExchangeAsync($"POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {lava.First.TestKey}\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n" + Hidden);
        answers.Count.ShouldBe(1, string.Join("\n---\n", answers));
    }

    [Fact]
    public async Task Requests_one_after_the_other_are_each_answered()
    {
        var one = $"GET /v1/wallet HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {lava.First.TestKey}\r\n\r\n";
        var last = one.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
        (await ExchangeAsync(one + one + last)).Select(answer => answer[..12]).ShouldBe(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 200"]);
    }

    // What comes back until the server closes the connection, by answer.
    private async Task<List<string>> ExchangeAsync(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(lava.Http.BaseAddress!.Host, lava.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read, deadline.Token);
        }
        catch (IOException)
        {
            // The server may reset a connection whose rest it does not read.
        }

        return [.. Encoding.Latin1.GetString(read.ToArray()).Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries).Select(part => "HTTP/1.1 " + part)];
    }
}
