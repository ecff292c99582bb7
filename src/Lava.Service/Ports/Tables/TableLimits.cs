namespace Lava.Service.Ports.Tables;

/// <summary>The limits of Azure Table Storage, enforced by every adapter so that nothing passes here that fails there
/// (Microsoft Learn, "Understanding the Table service data model").</summary>
public static class TableLimits
{
    /// <summary>Most writes in one transaction.</summary>
    public const int MaxWrites = 100;

    /// <summary>Most rows in one page of a query.</summary>
    public const int MaxPage = 1_000;

    /// <summary>Most characters of a key.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Most bytes of one property: an adapter spreads a longer document over several.</summary>
    public const int MaxPropertyBytes = 65_536;

    /// <summary>Most bytes of a document, so that the row with its keys and names stays under 1 MiB on the wire as UTF-16.</summary>
    public const int MaxDocumentBytes = 480 * 1024;

    /// <summary>Most bytes of one transaction as <see cref="OnWire"/> counts them, with room for the request's own headers below 4 MiB.</summary>
    public const int MaxTransactionBytes = (4 * 1024 * 1024) - (64 * 1024);

    /// <summary>Most bytes of one write as <see cref="OnWire"/> counts them: the service measures a row as it keeps it, emulators as it was sent.</summary>
    public const int MaxWriteBytes = 1024 * 1024;

    // A write's part of the request beside its keys and document: two sets of headers, the account's address, the names of its properties.
    private const int BytesPerWrite = 1_024;

    // A key is in the address, a character as up to 3 bytes, and in the body, as up to 6.
    private const int BytesPerKeyCharacter = 9;

    private static readonly byte[] EscapedBytes = [.. Enumerable.Range(0, 256).Select(value => BytesOf((byte)value))];

    /// <summary>Throws unless <paramref name="key"/> can be a partition or row key: 1 to 512 printable ASCII characters without <c>/ \ # ? %</c>.</summary>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MaxKeyLength) throw new ArgumentException($"A key has at most {MaxKeyLength} characters; this one has {key.Length}.", nameof(key));
        foreach (var c in key)
        {
            if (c is < ' ' or > '~' or '/' or '\\' or '#' or '?' or '%')
                throw new ArgumentException("A key holds printable ASCII characters other than / \\ # ? %.", nameof(key));
        }
    }

    /// <summary>Most bytes that a write takes in a transaction's request. The client sends a document as a JSON string in plain ASCII, so that a quotation mark
    /// takes six bytes and so does a character beyond ASCII: a document of 300 KB may be more than a megabyte there.</summary>
    public static int OnWire(string partition, string key, ReadOnlySpan<byte> data)
    {
        var bytes = BytesPerWrite + (BytesPerKeyCharacter * (partition.Length + key.Length));
        foreach (var unit in data) bytes += EscapedBytes[unit];
        return bytes;
    }

    /// <summary>Throws unless <paramref name="writes"/> can be one transaction in <paramref name="partition"/>.</summary>
    public static void CheckWrites(string partition, IReadOnlyList<TableWrite> writes)
    {
        CheckKey(partition);
        if (writes.Count is 0 or > MaxWrites)
            throw new ArgumentException($"A transaction has 1 to {MaxWrites} writes; this one has {writes.Count}.", nameof(writes));
        var bytes = 0L;
        var keys = writes.Count > 1 ? new HashSet<string>(writes.Count, StringComparer.Ordinal) : null;
        foreach (var write in writes)
        {
            CheckKey(write.Key);
            if (keys?.Add(write.Key) == false) throw new ArgumentException("A transaction writes each row at most once.", nameof(writes));
            if (write.Data.Length > MaxDocumentBytes)
                throw new ArgumentException($"A document has at most {MaxDocumentBytes} bytes; this one has {write.Data.Length}.", nameof(writes));
            var size = OnWire(partition, write.Key, write.Data.Span);
            if (size > MaxWriteBytes)
                throw new ArgumentException($"A write has at most {MaxWriteBytes} bytes on the wire; this one has up to {size}.", nameof(writes));
            bytes += size;
        }

        if (bytes > MaxTransactionBytes)
            throw new ArgumentException($"A transaction has at most {MaxTransactionBytes} bytes on the wire; this one has up to {bytes}.", nameof(writes));
    }

    // What JavaScriptEncoder.Default makes of a byte of UTF-8 text, with which both the official client and System.Text.Json write strings.
    private static byte BytesOf(byte unit) => unit switch
    {
        (byte)'\\' or (byte)'\b' or (byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' => 2,
        (byte)'"' or (byte)'&' or (byte)'\'' or (byte)'+' or (byte)'<' or (byte)'>' or (byte)'`' or 0x7f or < (byte)' ' => 6,
        < 0x80 => 1,
        < 0xc0 => 0,
        < 0xf0 => 6,
        _ => 12,
    };
}
