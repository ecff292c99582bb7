using System.IO.Compression;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Intake;
using Lava.Service.Gateway.Relay;
using Lava.Service.Metering.Records;

namespace Lava.Service.Gateway.Upstream;

/// <summary>What became of sending a call to a provider.</summary>
internal sealed class UpstreamAttempt
{
    /// <summary>Most bytes of an error that is read to be translated.</summary>
    private const int MaxError = 256 * 1024;

    /// <summary>The provider's answer; null where it did not answer.</summary>
    public HttpResponseMessage? Answer { get; init; }

    /// <summary>The first bytes of the answer, read ahead to know that there are any; empty where they were not.</summary>
    public ReadOnlyMemory<byte> FirstBytes { get; init; }

    /// <summary>The stream that <see cref="FirstBytes"/> came from; null where none were read.</summary>
    public Stream? Rest { get; init; }

    /// <summary>What the client is told where there is no answer.</summary>
    public ApiError? Error { get; init; }

    /// <summary>Why there is no answer; null where there is one.</summary>
    public CallFailure? Failure { get; init; }

    /// <summary>Whether the provider has been asked, where there is no answer: it may have begun to work.</summary>
    public bool WasSent { get; init; }

    /// <summary>Whether another provider may do better (behaviour.md §3.4): no answer, a 429 or a 5xx.</summary>
    public bool IsFallbackCase => Answer is null || Answer.StatusCode == System.Net.HttpStatusCode.TooManyRequests || (int)Answer.StatusCode >= 500;

    /// <summary>Opens the answer's body.</summary>
    /// <param name="decoded">Whether a compressed answer is to be unpacked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="recording">Takes the bytes as the provider sends them; null for nobody.</param>
    public async ValueTask<Stream> OpenAsync(bool decoded, CancellationToken cancellationToken, AnswerRecording? recording = null)
    {
        var body = Rest ?? await Answer!.Content.ReadAsStreamAsync(cancellationToken);
        if (FirstBytes.Length > 0) body = new PrefixedStream(FirstBytes, body);
        if (recording is not null) body = recording.Of(body);
        if (!decoded) return body;
        foreach (var encoding in Answer!.Content.Headers.ContentEncoding.Reverse())
        {
            body = encoding.ToLowerInvariant() switch
            {
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                "identity" => body,
                _ => throw new InvalidDataException($"The provider's response has the encoding {encoding}, which was not requested."),
            };
        }

        return body;
    }

    /// <summary>Reads an error whole; of one that is too long, the beginning.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadErrorAsync(CallTimeouts timeouts)
    {
        await using var body = await OpenAsync(true, timeouts.Token);
        var buffer = new byte[MaxError];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await timeouts.WaitAsync(body.ReadAsync(buffer.AsMemory(length), timeouts.Token));
            if (read == 0) break;
            length += read;
        }

        return buffer.AsMemory(0, length);
    }
}
