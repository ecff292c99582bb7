namespace Lava.Service.Ports;

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

    /// <summary>Most bytes of all documents of one transaction, with room for the protocol's own below 4 MiB.</summary>
    public const int MaxTransactionBytes = 3 * 1024 * 1024;

    /// <summary>Throws unless <paramref name="key"/> can be a partition or row key: 1 to 512 printable ASCII characters without <c>/ \ # ? %</c>.</summary>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > MaxKeyLength) throw new ArgumentException($"A key has at most {MaxKeyLength} characters; this one has {key.Length}.", nameof(key));
        foreach (var c in key)
        {
            if (c is < ' ' or > '~' or '/' or '\\' or '#' or '?' or '%') throw new ArgumentException("A key holds printable ASCII characters other than / \\ # ? %.", nameof(key));
        }
    }

    /// <summary>Throws unless <paramref name="writes"/> can be one transaction.</summary>
    public static void CheckWrites(IReadOnlyList<TableWrite> writes)
    {
        if (writes.Count is 0 or > MaxWrites) throw new ArgumentException($"A transaction has 1 to {MaxWrites} writes; this one has {writes.Count}.", nameof(writes));
        var bytes = 0L;
        var keys = writes.Count > 1 ? new HashSet<string>(writes.Count, StringComparer.Ordinal) : null;
        foreach (var write in writes)
        {
            CheckKey(write.Key);
            if (keys?.Add(write.Key) == false) throw new ArgumentException("A transaction writes each row at most once.", nameof(writes));
            if (write.Data.Length > MaxDocumentBytes) throw new ArgumentException($"A document has at most {MaxDocumentBytes} bytes; this one has {write.Data.Length}.", nameof(writes));
            bytes += write.Data.Length;
        }

        if (bytes > MaxTransactionBytes) throw new ArgumentException($"A transaction has at most {MaxTransactionBytes} bytes of documents; this one has {bytes}.", nameof(writes));
    }
}
