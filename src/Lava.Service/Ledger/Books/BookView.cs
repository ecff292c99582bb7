using Lava.Core.Ledger;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Ledger.Books;

/// <summary>A book as its next change sees it.</summary>
public sealed class BookView
{
    private readonly ITableStore _tables;
    private readonly string _partition;
    private readonly Dictionary<string, ReadOnlyMemory<byte>?> _rows = new(StringComparer.Ordinal);

    internal BookView(ITableStore tables, string partition, BookHead? head, string? etag, bool isFresh)
    {
        _tables = tables;
        _partition = partition;
        Head = head;
        ETag = etag;
        IsFresh = isFresh;
    }

    /// <summary>The head; null where the book does not exist yet.</summary>
    public BookHead? Head { get; }

    /// <summary>Whether the head was read for this change. One that was not may be older than the store's, which the commit will find out; a refusal must not
    /// rest on it.</summary>
    public bool IsFresh { get; }

    internal string? ETag { get; }

    /// <summary>Reads a row of the book whose every change goes with a change of the head, so that what an earlier change left in memory is still
    /// true.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadGuardedRowAsync(string key, CancellationToken cancellationToken)
    {
        if (_rows.TryGetValue(key, out var known)) return known;
        var row = await _tables.GetAsync(TableNames.Books, _partition, key, cancellationToken);
        return _rows[key] = row?.Data;
    }

    /// <summary>The view after a commit: the new head, and those of the guarded rows that were read or written.</summary>
    internal BookView After(BookChange change, string etag)
    {
        var next = new BookView(_tables, _partition, change.Head, etag, isFresh: false);
        foreach (var (key, data) in _rows) next._rows[key] = data;
        foreach (var write in change.Writes)
        {
            if (next._rows.ContainsKey(write.Key)) next._rows[write.Key] = write.Data;
        }

        // Days pass; a book that keeps more than a few days' rows in memory has no use for the oldest.
        if (next._rows.Count > 64) next._rows.Clear();
        return next;
    }

    /// <summary>This view for another change: no longer fresh.</summary>
    internal BookView Aged() => IsFresh ? After(new BookChange(Head!, []), ETag!) : this;
}
