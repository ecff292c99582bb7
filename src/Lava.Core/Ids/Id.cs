using Lava.Core.Keys;

namespace Lava.Core.Ids;

/// <summary>Identifiers as they stand on the wire: <c>prefix_mode_ULID</c> (rest-api.md §1.8).</summary>
public static class Id
{
    /// <summary>Makes an identifier.</summary>
    /// <param name="prefix">Without the underscore: <c>con</c>, <c>meter</c>, <c>req</c>.</param>
    /// <param name="mode">Test or live.</param>
    /// <param name="time">Its time of birth; ids of one prefix sort by it.</param>
    public static string Create(string prefix, Mode mode, DateTimeOffset time) => $"{prefix}_{mode.Word()}_{Ulid.Create(time)}";

    /// <summary>Reads the ULID of an identifier of that prefix and mode; false for anything else.</summary>
    public static bool TryGetUlid(string? id, string prefix, Mode mode, out string ulid)
    {
        ulid = "";
        if (id is null || id.Length != prefix.Length + 6 + Ulid.Length) return false;
        if (!id.StartsWith(prefix, StringComparison.Ordinal) || id[prefix.Length] != '_') return false;
        if (!id.AsSpan(prefix.Length + 1, 4).SequenceEqual(mode.Word()) || id[prefix.Length + 5] != '_') return false;
        if (!Ulid.IsValid(id.AsSpan(prefix.Length + 6))) return false;
        ulid = id[(prefix.Length + 6)..];
        return true;
    }

    /// <summary><c>test</c> or <c>live</c>.</summary>
    public static string Word(this Mode mode) => mode == Mode.Test ? "test" : "live";
}
