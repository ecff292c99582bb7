using System.Globalization;
using Lava.Service.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Api.Lists;

/// <summary>Which page of a list is asked for (rest-api.md §1.6).</summary>
/// <param name="Limit">1 to 100 items.</param>
/// <param name="Cursor">Id of the last item of the page before; null for the first page.</param>
public readonly record struct ListQuery(int Limit, string? Cursor)
{
    /// <summary>Items of a page unless the caller says otherwise.</summary>
    public const int DefaultLimit = 10;

    /// <summary>Most items of a page.</summary>
    public const int MaxLimit = 100;

    /// <summary>The refusal of a cursor that no list has given out.</summary>
    public static ApiError UnknownCursor() => ApiError.Validation(Issue.At("cursor", "cursor is invalid. Use the next cursor of this list."));

    /// <summary>Reads <c>limit</c> and <c>cursor</c>.</summary>
    public static ApiError? TryRead(IQueryCollection query, out ListQuery page)
    {
        page = new ListQuery(DefaultLimit, null);
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return ApiError.Validation(Issue.At("limit", "limit must be a whole number from 1 to 100."));
        var cursor = query.TryGetValue("cursor", out var given) && given.ToString().Length > 0 ? given.ToString() : null;
        
        // A merchant's own request id may have as many.
        if (cursor?.Length > 255) return UnknownCursor();
        page = new ListQuery(limit, cursor);
        return null;
    }
}
