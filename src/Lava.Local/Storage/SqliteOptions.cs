namespace Lava.Local.Storage;

/// <summary>How the SQLite store keeps its file.</summary>
public sealed record SqliteOptions
{
    /// <summary>The database file. Its directory exists; the file is made readable by its owner alone.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a commit waits for the disk. Only tests, which throw their data away, switch it off.</summary>
    public bool IsDurable { get; init; } = true;

    /// <summary>How long a commit waits for another process that is writing before it fails as transient.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most pages of 4 KiB that the file may grow to; 0: as many as the disk holds.</summary>
    public int MaxPages { get; init; }
}
