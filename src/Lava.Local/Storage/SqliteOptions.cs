namespace Lava.Local.Storage;

/// <summary>How the SQLite store keeps its file.</summary>
public sealed record SqliteOptions
{
    /// <summary>The database file.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a commit waits for the disk. Only tests, which throw their data away, switch it off.</summary>
    public bool IsDurable { get; init; } = true;
}
