using Lava.Service.Ports.Tables;

namespace Lava.Service.Queues.Stored;

/// <summary>Reads places of a partition in their order, a page at a time.</summary>
internal sealed class PlaceCursor(ITableStore tables, string partition, KeyRange range)
{
    private const int FirstPage = 128;

    private IReadOnlyList<TableRow> _rows = [];
    private int _next;
    private int _take = FirstPage;
    private bool _isAtEnd;
    private KeyRange _range = range;

    /// <summary>Whether the next place, if there is one, has yet to be read.</summary>
    public bool NeedsRows => _next == _rows.Count && !_isAtEnd;

    private string? NextKey => _next < _rows.Count ? _rows[_next].Key : null;

    /// <summary>The one of two whose next place comes first; null where neither has one.</summary>
    public static PlaceCursor? First(PlaceCursor one, PlaceCursor other) => (one.NextKey, other.NextKey) switch
    {
        (null, null) => null,
        (null, _) => other,
        (_, null) => one,
        var (a, b) => QueueRows.Order(a).SequenceCompareTo(QueueRows.Order(b)) <= 0 ? one : other,
    };

    /// <summary>Reads on, if it needs rows.</summary>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        if (!NeedsRows) return;
        _rows = await tables.QueryAsync(TableNames.Messages, partition, _range, _take, cancellationToken);
        _next = 0;
        _isAtEnd = _rows.Count < _take;
        if (!_isAtEnd) (_range, _take) = (_range.After(_rows[^1].Key), TableLimits.MaxPage);
    }

    /// <summary>Takes the next place.</summary>
    public TableRow Take() => _rows[_next++];
}
