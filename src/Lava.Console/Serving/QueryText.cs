namespace Lava.Console.Serving;

/// <summary>Writes queries of the API.</summary>
internal static class QueryText
{
    /// <summary>A path with those parameters that have a value.</summary>
    public static string Of(string path, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters.Where(one => !string.IsNullOrEmpty(one.Value)).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}
