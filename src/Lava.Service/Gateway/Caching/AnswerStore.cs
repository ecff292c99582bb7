using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Gateway.Caching;

/// <summary>Keeps answers in a table, each sealed with a key that its request alone gives (<see cref="AnswerKey"/>), until they are over.</summary>
internal sealed class AnswerStore(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    /// <summary>Bytes of a row: in base64 they stay below <see cref="TableLimits.MaxDocumentBytes"/>, and all rows of an answer are one transaction.</summary>
    private const int PartBytes = 320 * 1024;

    private const int MaxParts = 3;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <inheritdoc/>
    public string Kind => "answer";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, CachingJson.Default.CachedRow).Until < now;

    /// <summary>Finds an answer; null where none is kept that is young enough, or where what is kept cannot be opened.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="longest">How old it may be.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask<CachedAnswer?> FindAsync(AnswerKey key, TimeSpan longest, CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(TableNames.Answers, key.Partition, KeyRange.Prefix(key.Row), MaxParts, cancellationToken);
        if (rows.Count == 0) return null;
        var first = Json.Read(rows[0].Data, CachingJson.Default.CachedRow);
        var now = time.GetUtcNow();
        if (now > first.Until || now - first.At > longest || rows.Count < first.Parts) return null;

        var box = first.Sealed;
        if (first.Parts > 1)
        {
            // Rows beyond those are left of an older answer that was longer.
            using var joined = new MemoryStream(first.Parts * PartBytes);
            joined.Write(box);
            foreach (var row in rows.Take(first.Parts).Skip(1)) joined.Write(Json.Read(row.Data, CachingJson.Default.CachedRow).Sealed);
            box = joined.ToArray();
        }

        return Open(box, key, first.At);
    }

    /// <summary>Keeps an answer in the place of any other of its key.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="answer">The answer, at most <see cref="AnswerRecording.MaxBytes"/> long.</param>
    /// <param name="keepTime">For how long.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask KeepAsync(AnswerKey key, CachedAnswer answer, TimeSpan keepTime, CancellationToken cancellationToken)
    {
        var until = answer.At + keepTime;
        var box = Seal(answer, key);
        var parts = (box.Length + PartBytes - 1) / PartBytes;
        var writes = new List<TableWrite>(parts);
        for (var index = 0; index < parts; index++)
        {
            var part = box[(index * PartBytes)..Math.Min(box.Length, (index + 1) * PartBytes)];
            var row = string.Create(CultureInfo.InvariantCulture, $"{key.Row}|{index}");

            // Listed first: a row that is not listed would stay for ever.
            await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Answers, key.Partition, row), until, cancellationToken);
            writes.Add(TableWrite.Put(row, Json.Write(new CachedRow(answer.At, until, parts, part), CachingJson.Default.CachedRow)));
        }

        await tables.CommitAsync(TableNames.Answers, key.Partition, writes, cancellationToken);
    }

    private static byte[] Seal(CachedAnswer answer, AnswerKey key)
    {
        var head = Json.Write(new CachedHead(answer.Status, answer.ContentType, answer.ContentEncoding), CachingJson.Default.CachedHead);
        var plain = new byte[sizeof(int) + head.Length + answer.Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain, head.Length);
        head.CopyTo(plain.AsMemory(sizeof(int)));
        answer.Body.CopyTo(plain.AsMemory(sizeof(int) + head.Length));
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key.Secret, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    private static CachedAnswer? Open(byte[] box, AnswerKey key, DateTimeOffset at)
    {
        if (box.Length < NonceBytes + TagBytes + sizeof(int)) return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Secret, TagBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var headEnd = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(plain);
        var head = Json.Read(plain.AsMemory(sizeof(int)..headEnd), CachingJson.Default.CachedHead);
        return new CachedAnswer(at, head.Status, head.ContentType, head.ContentEncoding, plain.AsMemory(headEnd));
    }
}
