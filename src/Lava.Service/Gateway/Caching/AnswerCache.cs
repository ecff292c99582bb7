using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Formats;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Upstream;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Gateway.Caching;

/// <summary>Answers equal calls of a merchant with the same answer, where the client asks for that (docs/gateway.md). Two that come at the same moment both go
/// to the provider.</summary>
internal sealed partial class AnswerCache(AnswerStore store, UpstreamClient upstream, TimeProvider time, ILogger<AnswerCache> logger)
{
    /// <summary>Answers that are being written at once; beyond, the store is behind, and an answer is not worth the memory in which it would wait.</summary>
    private const int MaxKeeping = 64;

    private int _keeping;

    /// <summary>Finds a kept answer for a call, before anything is reserved. Whatever the store does, the call goes on.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    public ValueTask FindAsync(ForwardCall call, HttpRequest request, CancellationToken cancellationToken) =>
        call.Incoming.CacheTime is { } longest && IsRepeatable(call, request)
            ? FindAsync(call, AnswerKey.Of(call, request, upstream), longest, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>What is to take the bytes of a call's successful answer; null where it is not to be kept.</summary>
    public static AnswerRecording? RecordingFor(ForwardCall call) => call is { AnswerKey: not null, Kept: null } ? new AnswerRecording() : null;

    /// <summary>Keeps an answer that is whole and settled. Nothing waits for it.</summary>
    public void Keep(ForwardCall call, HttpResponseMessage answer, AnswerRecording recording, in AnswerSummary summary)
    {
        // Without usage it may be anything with status 200: a page of a proxy, a task that is still queued. Only some embeddings have none.
        var headers = answer.Content.Headers;
        if (!summary.HasUsage && (call.Endpoint.Kind != EndpointKind.Embeddings || headers.ContentType?.MediaType != "application/json")) return;
        if (recording.Answer is not { } body) return;
        if (Interlocked.Increment(ref _keeping) > MaxKeeping)
        {
            Interlocked.Decrement(ref _keeping);
            return;
        }

        var kept = new CachedAnswer(time.GetUtcNow(), (int)answer.StatusCode, Header("Content-Type"), Header("Content-Encoding"), body);
        _ = Task.Run(() => KeepAsync(call, kept));

        string? Header(string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
    }

    private async ValueTask FindAsync(ForwardCall call, SealedKey key, TimeSpan longest, CancellationToken cancellationToken)
    {
        call.AnswerKey = key;
        try
        {
            call.Kept = await store.FindAsync(key, longest, cancellationToken);
        }
        catch (Exception fault) when (fault is TableStoreException or JsonException or FormatException)
        {
            LogNotFound(call.RequestId, fault);
        }
    }

    private async Task KeepAsync(ForwardCall call, CachedAnswer answer)
    {
        try
        {
            await store.KeepAsync(call.AnswerKey!, answer, call.Incoming.CacheTime!.Value, CancellationToken.None);
        }
        catch (Exception fault)
        {
            // The next equal call goes to the provider, as it would without the cache.
            LogNotKept(call.RequestId, fault);
        }
        finally
        {
            Interlocked.Decrement(ref _keeping);
        }
    }

    /// <summary>Whether an equal call may have the same answer: the client does not want a new answer each time, and the
    /// whole prompt is in the body. What the body only refers to (a conversation that the provider keeps, a file) may differ the next time.</summary>
    private static bool IsRepeatable(ForwardCall call, HttpRequest request) =>
        call is
        {
            Incoming.Method: "POST",
            Endpoint: { Kind: EndpointKind.Chat or EndpointKind.Embeddings, Format: not WireFormat.Opaque },
            Facts: { HasTemperature: false, Choices: 1, HasUnseenInput: false },
            Translation: null or { HasTemperature: false },
        }
        && (call.Translation is not null || request.ContentType?.TrimStart().StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: the cache could not be read, so the provider is called.")]
    private partial void LogNotFound(string requestId, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: its response could not be cached.")]
    private partial void LogNotKept(string requestId, Exception fault);
}
