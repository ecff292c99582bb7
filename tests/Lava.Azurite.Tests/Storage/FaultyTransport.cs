using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Lava.Azurite.Tests.Storage;

/// <summary>The way to the emulator, on which a test has requests fail: each request takes the next fault of its script and, when there is none left, goes through.</summary>
internal sealed class FaultyTransport : HttpPipelineTransport
{
    private readonly HttpClientTransport _inner = HttpClientTransport.Shared;
    private readonly ConcurrentQueue<Func<HttpMessage, Func<ValueTask>, ValueTask>> _script = [];
    private int _requests;

    /// <summary>Requests that came here, failed ones too.</summary>
    public int Requests => _requests;

    /// <summary>What each transaction held, as it was sent.</summary>
    public ConcurrentQueue<string> Transactions { get; } = [];

    /// <summary>Nothing is sent: nobody listens.</summary>
    public FaultyTransport Refuse() => Add((_, _) => throw new RequestFailedException("Refused.", new HttpRequestException(HttpRequestError.ConnectionError)));

    /// <summary>The connection is cut before the service has read the request.</summary>
    public FaultyTransport Cut() => Add((_, _) => throw new RequestFailedException("Cut.", new HttpRequestException(HttpRequestError.ResponseEnded)));

    /// <summary>The service does what it is asked to, and its answer is lost.</summary>
    public FaultyTransport LoseAnswer() => Add(async (_, send) =>
    {
        await send();
        throw new RequestFailedException("Cut.", new HttpRequestException(HttpRequestError.ResponseEnded));
    });

    /// <summary>The service does what it is asked to, and its answer ends in the middle of the body.</summary>
    public FaultyTransport LoseHalfTheAnswer() => Add(async (_, send) =>
    {
        await send();
        throw new IOException("The response ended prematurely.");
    });

    /// <summary>The service does what it is asked to and then says that it failed.</summary>
    public FaultyTransport DoAndAnswer(int status, string code) => Add(async (message, send) =>
    {
        await send();
        message.Response = Canned(status, code);
    });

    /// <summary>The service does nothing and says that it failed.</summary>
    public FaultyTransport Answer(int status, string code, params HttpHeader[] headers) => Add((message, _) =>
    {
        message.Response = Canned(status, code, headers);
        return ValueTask.CompletedTask;
    });

    /// <summary>The service is not asked, and a page of its rows is given for its own.</summary>
    public FaultyTransport Answer200(string body, params HttpHeader[] headers) => Add((message, _) =>
    {
        message.Response = new CannedResponse(200, body, [new HttpHeader("Content-Type", "application/json"), .. headers]);
        return ValueTask.CompletedTask;
    });

    /// <summary>No answer comes, whether or not the service does what it is asked to.</summary>
    public FaultyTransport Hang(bool isDone) => Add(async (message, send) =>
    {
        if (isDone) await send();
        await Task.Delay(Timeout.Infinite, message.CancellationToken);
    });

    /// <summary>Something happens in the meantime, and the request goes through.</summary>
    public FaultyTransport Meanwhile(Func<Task> happening) => Add(async (_, send) =>
    {
        await happening();
        await send();
    });

    public override Request CreateRequest() => _inner.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        Interlocked.Increment(ref _requests);
        if (message.Request.Uri.ToString().EndsWith("$batch", StringComparison.Ordinal))
        {
            using var copy = new MemoryStream();
            await message.Request.Content!.WriteToAsync(copy, default);
            Transactions.Enqueue(System.Text.Encoding.UTF8.GetString(copy.ToArray()));
        }

        if (_script.TryDequeue(out var fault)) await fault(message, () => _inner.ProcessAsync(message));
        else await _inner.ProcessAsync(message);
    }

    private FaultyTransport Add(Func<HttpMessage, Func<ValueTask>, ValueTask> fault)
    {
        _script.Enqueue(fault);
        return this;
    }

    // As the service writes it: Microsoft Learn, "Table service error codes".
    private static CannedResponse Canned(int status, string code, params HttpHeader[] headers) =>
        new(status, $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"As told."}}}""", [new HttpHeader("Content-Type", "application/json"), .. headers]);
}
