namespace Lava.Service.Api.Lists;

/// <summary>Makes pages of what a list found.</summary>
internal static class Paging
{
    /// <summary>A page.</summary>
    /// <param name="found">Up to one more than <paramref name="limit"/> items.</param>
    /// <param name="limit">Items of the page.</param>
    /// <param name="id">An item's id.</param>
    public static ListResponse<T> Of<T>(IReadOnlyList<T> found, int limit, Func<T, string> id)
    {
        var hasMore = found.Count > limit;
        IReadOnlyList<T> data = hasMore ? [.. found.Take(limit)] : found;
        return new ListResponse<T>(data, hasMore, hasMore ? id(data[^1]) : null);
    }
}
