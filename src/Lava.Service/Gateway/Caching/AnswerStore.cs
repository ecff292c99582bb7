using System.Buffers.Binary;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;

namespace Lava.Service.Gateway.Caching;

/// <summary>Keeps answers for equal calls, each sealed with a key that its request alone gives (<see cref="AnswerKey"/>).</summary>
internal sealed class AnswerStore(SealedStore store, TimeProvider time)
{
    /// <summary>Finds an answer; null where none is kept that is young enough, or where what is kept cannot be opened.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="longest">How old it may be.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask<CachedAnswer?> FindAsync(SealedKey key, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(key, cancellationToken) is not { Bytes.Length: > sizeof(int) } entry || time.GetUtcNow() - entry.At > longest) return null;
        var headEnd = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(entry.Bytes.Span);
        var head = Json.Read(entry.Bytes[sizeof(int)..headEnd], CachingJson.Default.CachedHead);
        return new CachedAnswer(entry.At, head.Status, head.ContentType, head.ContentEncoding, entry.Bytes[headEnd..]);
    }

    /// <summary>Keeps an answer in the place of any other of its key.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="answer">The answer, at most <see cref="AnswerRecording.MaxBytes"/> long.</param>
    /// <param name="keepTime">For how long.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public ValueTask KeepAsync(SealedKey key, CachedAnswer answer, TimeSpan keepTime, CancellationToken cancellationToken)
    {
        var head = Json.Write(new CachedHead(answer.Status, answer.ContentType, answer.ContentEncoding), CachingJson.Default.CachedHead);
        var plain = new byte[sizeof(int) + head.Length + answer.Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain, head.Length);
        head.CopyTo(plain.AsMemory(sizeof(int)));
        answer.Body.CopyTo(plain.AsMemory(sizeof(int) + head.Length));
        return store.KeepAsync(key, plain, answer.At, answer.At + keepTime, cancellationToken);
    }
}
