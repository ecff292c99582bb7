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

    /// <summary>Bytes of a page of a file that is made; one that exists keeps its own. A row that is longer than a quarter of a page takes whole pages beside
    /// it, and most rows of calls have one to two thousand bytes: pages of 4 KiB waste half of the file.</summary>
    public int PageSize { get; init; } = 16_384;

    /// <summary>Most bytes that the file may grow to; 0: as many as the disk holds.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Whether the file is opened although its log is missing, and with it what was written last.</summary>
    public bool AcceptsLoss { get; init; }

    /// <summary>The write-ahead log, which holds what is committed and not yet in the file.</summary>
    internal string LogPath => Path + "-wal";
}
