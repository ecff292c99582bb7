using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Core.Translation.Responses;
using Lava.Service.Gateway.Caching;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.History;

/// <summary>Keeps responses that were translated from other formats, for some hours: clients of OpenAI's Responses expect that later requests may refer to
/// them. Each is sealed with a key that comes from its id, which nobody has but the client.</summary>
internal sealed partial class ResponseHistory(SealedStore store, IOptions<GatewayOptions> options, TimeProvider time, ILogger<ResponseHistory> logger)
{
    /// <summary>Bytes of a new id that nobody can guess.</summary>
    private const int SecretBytes = 12;

    /// <summary>Reads of the store at once for one request.</summary>
    private const int ReadsAtOnce = 8;

    /// <summary>Whether responses are kept.</summary>
    public bool IsOn => options.Value.KeepResponsesHours > 0;

    private TimeSpan KeepTime => TimeSpan.FromHours(options.Value.KeepResponsesHours);

    /// <summary>A new id for a kept answer, without prefix.</summary>
    /// <param name="call">The call's own id.</param>
    public static string NewId(string call) => ResponsesReferences.Mark + call + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Finds what is kept of a response; null where nothing is.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="id">Its id, without prefix.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async Task<JsonDocument?> FindAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        return await FindBytesAsync(tenant, id, cancellationToken) is { } bytes ? JsonDocument.Parse(bytes) : null;
    }

    private async Task<ReadOnlyMemory<byte>?> FindBytesAsync(Tenant tenant, string id, CancellationToken cancellationToken)
    {
        var key = KeyOf(tenant, id);
        if (await store.FindAsync(key, cancellationToken) is not { } entry) return null;

        // A conversation that goes on keeps its beginning.
        var until = time.GetUtcNow() + KeepTime;
        if (IsOn && until - entry.Until > KeepTime / 2) await store.KeepAsync(key, entry.Bytes, entry.At, until, cancellationToken);
        return await DecompressAsync(entry.Bytes);
    }

    /// <summary>Finds several; what is not kept is left out. Null where they are too long to be read together.</summary>
    /// <param name="tenant">Whose they are.</param>
    /// <param name="ids">Their ids, without prefix.</param>
    /// <param name="most">Most bytes that are read.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async Task<IReadOnlyDictionary<string, JsonDocument>?> FindAllAsync(
        Tenant tenant, IReadOnlyCollection<string> ids, long most, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ReadOnlyMemory<byte>>();
        var total = 0L;
        foreach (var some in ids.Chunk(ReadsAtOnce))
        {
            var read = await Task.WhenAll(some.Select(id => FindBytesAsync(tenant, id, cancellationToken)));
            foreach (var (id, bytes) in some.Zip(read))
            {
                if (bytes is null) continue;
                found[id] = bytes.Value;
                total += bytes.Value.Length;
            }

            if (total > most) return null;
        }

        return found.ToDictionary(entry => entry.Key, entry => JsonDocument.Parse(entry.Value));
    }

    /// <summary>Removes a response; false where none is kept.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="id">Its id, without prefix.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public ValueTask<bool> RemoveAsync(Tenant tenant, string id, CancellationToken cancellationToken) =>
        store.RemoveAsync(KeyOf(tenant, id), cancellationToken);

    /// <summary>Keeps a response that is whole, before its end is released: the next request may refer to it at once. Never fails: what is not kept is told to
    /// who refers to it.</summary>
    /// <param name="call">The request, references replaced.</param>
    /// <param name="id">The response's id, without prefix.</param>
    /// <param name="ending">What goes to the client last: the answer, or the end of its stream. It is read before the task is returned.</param>
    public Task KeepAsync(IncomingCall call, string id, ReadOnlyMemory<byte> ending)
    {
        try
        {
            using var response = ResponsesReferences.ResponseIn(ending);
            return response is null ? Task.CompletedTask : KeepAsync(call, id, Pack(call.Body, response.RootElement));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            LogNotKept(call.Ulid, fault);
            return Task.CompletedTask;
        }
    }

    private static SealedKey KeyOf(Tenant tenant, string id) =>
        new(tenant.Partition, Encoding.UTF8.GetBytes(id), "lava response row"u8, "lava response secret"u8);

    /// <summary>Request and response as they are kept; without the request where both are too long; null where the response alone is.</summary>
    private static ReadOnlyMemory<byte>? Pack(ReadOnlyMemory<byte> request, JsonElement response)
    {
        using var asked = JsonDocument.Parse(request);
        foreach (var withInput in (ReadOnlySpan<bool>)[true, false])
        {
            var plain = new ArrayBufferWriter<byte>();
            ResponsesReferences.WriteKept(asked.RootElement, response, withInput, plain);
            if (Compress(plain.WrittenMemory) is { Length: <= SealedStore.MaxBytes } packed) return packed;
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(plain.Span);
        return packed.ToArray();
    }

    private static async Task<ReadOnlyMemory<byte>> DecompressAsync(ReadOnlyMemory<byte> packed)
    {
        using var plain = new MemoryStream();
        await using var brotli = new BrotliStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        await brotli.CopyToAsync(plain);
        return plain.ToArray();
    }

    private async Task KeepAsync(IncomingCall call, string id, ReadOnlyMemory<byte>? packed)
    {
        if (packed is not { } bytes) return;
        try
        {
            var now = time.GetUtcNow();
            await store.KeepAsync(KeyOf(call.Tenant, id), bytes, now, now + KeepTime, CancellationToken.None);
        }
        catch (TableStoreException fault)
        {
            LogNotKept(call.Ulid, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call {Call}: its response could not be kept, so later requests cannot refer to it.")]
    private partial void LogNotKept(string call, Exception fault);
}
