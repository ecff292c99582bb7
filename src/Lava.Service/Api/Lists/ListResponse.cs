using System.Text.Json.Serialization;

namespace Lava.Service.Api.Lists;

/// <summary>A page of a list (rest-api.md §1.6).</summary>
/// <param name="Data">The items, newest first.</param>
/// <param name="HasMore">Whether there are more.</param>
/// <param name="NextCursor">Cursor of the next page; absent on the last.</param>
internal sealed record ListResponse<T>(
    IReadOnlyList<T> Data, bool HasMore, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);
