namespace Lava.Service.Ports.Tables;

/// <summary>One write of a transaction.</summary>
public readonly record struct TableWrite
{
    private TableWrite(TableWriteKind kind, string key, ReadOnlyMemory<byte> data, string? etag)
    {
        Kind = kind;
        Key = key;
        Data = data;
        ETag = etag;
    }

    /// <summary>What is done.</summary>
    public TableWriteKind Kind { get; }

    /// <summary>The row's key.</summary>
    public string Key { get; }

    /// <summary>The new document, UTF-8 JSON; empty for a delete.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The version that must be stored for the write to happen; null: any.</summary>
    public string? ETag { get; }

    /// <summary>Adds a row; <see cref="CommitOutcome.Duplicate"/> if it exists.</summary>
    public static TableWrite Insert(string key, ReadOnlyMemory<byte> data) => new(TableWriteKind.Insert, key, data, null);

    /// <summary>Replaces a row of that version; <see cref="CommitOutcome.Stale"/> if it has another, <see cref="CommitOutcome.Missing"/> if it is
    /// gone.</summary>
    public static TableWrite Replace(string key, ReadOnlyMemory<byte> data, string etag) => new(TableWriteKind.Replace, key, data, etag);

    /// <summary>Adds or replaces a row, whatever is there.</summary>
    public static TableWrite Put(string key, ReadOnlyMemory<byte> data) => new(TableWriteKind.Put, key, data, null);

    /// <summary>Removes a row; <see cref="CommitOutcome.Missing"/> if it is gone, <see cref="CommitOutcome.Stale"/> if <paramref name="etag"/> is given and
    /// differs.</summary>
    public static TableWrite Delete(string key, string? etag = null) => new(TableWriteKind.Delete, key, default, etag);
}
