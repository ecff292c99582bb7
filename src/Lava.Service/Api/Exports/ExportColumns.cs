using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lava.Service.Api.Exports;

/// <summary>The columns of a list as CSV. They come from the type of its items, so they do not change with what is in it.</summary>
internal static class ExportColumns
{
    /// <summary>How many objects deep members become columns of their own. What lies deeper is written as JSON.</summary>
    private const int MaxDepth = 3;

    /// <summary>Paths of the columns, a name for each step: <c>usage</c>, <c>input_tokens</c>.</summary>
    /// <param name="item">Type of an item.</param>
    public static IReadOnlyList<string[]> Of(Type item)
    {
        var columns = new List<string[]>();
        Add(item, [], columns);
        return columns;
    }

    private static void Add(Type type, string[] path, List<string[]> columns)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var always = property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition is null or not JsonIgnoreCondition.Always;
            if (!always || property.GetIndexParameters().Length > 0) continue;
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            string[] next = [.. path, name];
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsObject(inner) && next.Length < MaxDepth) Add(inner, next, columns);
            else columns.Add(next);
        }
    }

    // Our own shapes. Lists, maps and free JSON have no fixed members.
    private static bool IsObject(Type type) =>
        !type.IsEnum
        && type.Assembly.GetName().Name?.StartsWith("Lava.", StringComparison.Ordinal) == true
        && !typeof(IEnumerable).IsAssignableFrom(type)
        && type.GetCustomAttribute<JsonConverterAttribute>() is null;
}
