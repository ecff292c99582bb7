using System.Globalization;
using System.Security.Cryptography;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Lava.Service.Storage.Expiry;

namespace Lava.Service.Gateway.Caching;

/// <summary>Keeps bytes of callers in a table until they are over, each entry sealed with a key that is not in the store (<see cref="SealedKey"/>).</summary>
internal sealed class SealedStore(ITableStore tables, ExpiryIndex expiry, TimeProvider time) : IExpiring
{
    /// <summary>Most bytes of an entry: all its rows are one transaction.</summary>
    public const int MaxBytes = (PartBytes * MaxParts) - NonceBytes - TagBytes;

    /// <summary>Bytes of a row: in base64 they stay below <see cref="TableLimits.MaxDocumentBytes"/>.</summary>
    private const int PartBytes = 320 * 1024;

    private const int MaxParts = 3;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <inheritdoc/>
    public string Kind => "answer";

    /// <inheritdoc/>
    public bool IsOver(TableRow row, DateTimeOffset now) => Json.Read(row.Data, CachingJson.Default.CachedRow).Until < now;

    /// <summary>Finds an entry; null where none is kept, or where what is kept cannot be opened.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask<SealedEntry?> FindAsync(SealedKey key, CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(TableNames.Answers, key.Partition, KeyRange.Prefix(key.Row), MaxParts, cancellationToken);
        if (rows.Count == 0) return null;
        var first = Json.Read(rows[0].Data, CachingJson.Default.CachedRow);
        if (time.GetUtcNow() > first.Until || rows.Count < first.Parts) return null;

        var box = first.Sealed;
        if (first.Parts > 1)
        {
            // Rows beyond those are left of an older entry that was longer.
            using var joined = new MemoryStream(first.Parts * PartBytes);
            joined.Write(box);
            foreach (var row in rows.Take(first.Parts).Skip(1)) joined.Write(Json.Read(row.Data, CachingJson.Default.CachedRow).Sealed);
            box = joined.ToArray();
        }

        return Open(box, key) is { } bytes ? new SealedEntry(first.At, first.Until, bytes) : null;
    }

    /// <summary>Keeps an entry in the place of any other of its key.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="bytes">The entry, at most <see cref="MaxBytes"/> long.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="until">When it is over.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask KeepAsync(SealedKey key, ReadOnlyMemory<byte> bytes, DateTimeOffset at, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var box = Seal(bytes, key);
        var parts = (box.Length + PartBytes - 1) / PartBytes;
        var writes = new List<TableWrite>(parts);
        for (var index = 0; index < parts; index++)
        {
            var part = box[(index * PartBytes)..Math.Min(box.Length, (index + 1) * PartBytes)];
            var row = RowOf(key, index);

            // Listed first: a row that is not listed would stay for ever.
            await expiry.AddAsync(new ExpiringRow(Kind, TableNames.Answers, key.Partition, row), until, cancellationToken);
            writes.Add(TableWrite.Put(row, Json.Write(new CachedRow(at, until, parts, part), CachingJson.Default.CachedRow)));
        }

        await tables.CommitAsync(TableNames.Answers, key.Partition, writes, cancellationToken);
    }

    /// <summary>Removes an entry; false where there is none.</summary>
    /// <param name="key">What it is kept by.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TableStoreException">The store failed.</exception>
    public async ValueTask<bool> RemoveAsync(SealedKey key, CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(TableNames.Answers, key.Partition, KeyRange.Prefix(key.Row), MaxParts, cancellationToken);
        if (rows.Count == 0) return false;
        await tables.CommitAsync(TableNames.Answers, key.Partition, [.. rows.Select(row => TableWrite.Delete(row.Key))], cancellationToken);
        return true;
    }

    private static string RowOf(SealedKey key, int index) => string.Create(CultureInfo.InvariantCulture, $"{key.Row}|{index}");

    private static byte[] Seal(ReadOnlyMemory<byte> plain, SealedKey key)
    {
        var box = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key.Secret, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain.Span, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return box;
    }

    private static byte[]? Open(byte[] box, SealedKey key)
    {
        if (box.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Secret, TagBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
