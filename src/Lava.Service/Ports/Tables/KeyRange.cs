namespace Lava.Service.Ports.Tables;

/// <summary>A range of row keys, compared ordinally.</summary>
/// <param name="From">First key, inclusive.</param>
/// <param name="To">End, exclusive.</param>
public readonly record struct KeyRange(string From, string To)
{
    /// <summary>All keys that start with <paramref name="prefix"/>.</summary>
    public static KeyRange Prefix(string prefix) => new(prefix, prefix + "~");

    /// <summary>The keys of this range that come after <paramref name="key"/>.</summary>
    public KeyRange After(string key) => this with { From = key + "!" };
}
