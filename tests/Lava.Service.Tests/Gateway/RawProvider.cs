using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Lava.Service.Tests.Gateway;

/// <summary>A provider that answers each request with bytes of the test's choice, right or wrong as HTTP, and closes the connection.</summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _asked;

    public RawProvider()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Writes an answer.</summary>
    public Func<Stream, Task> Answer { get; set; } = static stream => stream.WriteAsync(Whole(Chat())).AsTask();

    /// <summary>Requests that have come in whole.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>An answer of OpenAI's chat format.</summary>
    public static string Chat(int input = 1000, int output = 1000) =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":{{{input}}},"completion_tokens":{{{output}}},"total_tokens":{{{input + output}}}}}""";

    /// <summary>A whole answer as HTTP, with more headers.</summary>
    public static byte[] Whole(string body, string type = "application/json", string more = "") =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\ncontent-type: {type}\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}connection: close\r\n\r\n{body}"));

    /// <summary>The head of an answer in chunks.</summary>
    public static byte[] ChunkedHead(string type, string more = "") => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\ncontent-type: {type}\r\ntransfer-encoding: chunked\r\n{more}connection: close\r\n\r\n");

    /// <summary>A chunk; an empty text is the end.</summary>
    public static byte[] Chunk(string text) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using var stream = connection.GetStream();
            var received = new StringBuilder();
            var buffer = new byte[8192];
            while (!IsWhole(received.ToString()))
            {
                var read = await stream.ReadAsync(buffer, _stop.Token);
                if (read == 0) return;
                received.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            Interlocked.Increment(ref _asked);
            await Answer(stream);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The gateway has hung up.
        }
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        var length = request.Split("\r\n").FirstOrDefault(line => line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase));
        return length is null ? request.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || !request.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            : request.Length - end - 4 >= int.Parse(length.AsSpan("content-length:".Length), CultureInfo.InvariantCulture);
    }
}
