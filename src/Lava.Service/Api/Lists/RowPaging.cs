using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Ports.Tables;

namespace Lava.Service.Api.Lists;

/// <summary>Pages of rows whose keys are a prefix and the mirrored ULID of an id, so that they run newest first.</summary>
internal static class RowPaging
{
    /// <summary>Row key of an id.</summary>
    public static string Key(string rowPrefix, string id) => rowPrefix + Ulid.Mirror(id.AsSpan(id.Length - Ulid.Length));

    /// <summary>Rows of a page, and one more if there are more. Null where the cursor is no id of this kind and mode.</summary>
    public static async ValueTask<IReadOnlyList<TableRow>?> ReadAsync(
        ITableStore tables, string table, string partition, string rowPrefix, string idPrefix, Mode mode, ListQuery page, CancellationToken cancellationToken)
    {
        var range = KeyRange.Prefix(rowPrefix);
        if (page.Cursor is not null)
        {
            if (!Id.TryGetUlid(page.Cursor, idPrefix, mode, out _)) return null;
            range = range.After(Key(rowPrefix, page.Cursor));
        }

        return await tables.QueryAsync(table, partition, range, page.Limit + 1, cancellationToken);
    }
}
