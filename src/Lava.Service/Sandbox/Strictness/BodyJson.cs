using System.Text.Json;

namespace Lava.Service.Sandbox.Strictness;

/// <summary>Looks into a body whose members may be missing or of any kind.</summary>
internal static class BodyJson
{
    /// <summary>A member; undefined where there is none or it is null.</summary>
    public static JsonElement At(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    /// <summary>A member that may be spelled in two ways.</summary>
    public static JsonElement At(this JsonElement json, string name, string other) => json.At(name) is { ValueKind: not JsonValueKind.Undefined } found
        ? found
        : json.At(other);

    public static bool IsGiven(this JsonElement json) => json.ValueKind != JsonValueKind.Undefined;

    public static bool IsList(this JsonElement json) => json.ValueKind == JsonValueKind.Array;

    public static bool IsObject(this JsonElement json) => json.ValueKind == JsonValueKind.Object;

    public static string? Word(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    public static double? Number(this JsonElement json) => json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out var number) ? number : null;

    /// <summary>The elements of a list; none where it is no list.</summary>
    public static List<JsonElement> List(this JsonElement json) => json.IsList() ? [.. json.EnumerateArray()] : [];

    /// <summary>The first member that is not among some names; null where there is none.</summary>
    public static string? Stranger(this JsonElement json, IReadOnlySet<string> known)
    {
        if (!json.IsObject()) return null;
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name)) return member.Name;
        }

        return null;
    }

    public static HashSet<string> Names(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
