using Lava.Service.Ports;

namespace Lava.Local.Storage;

/// <summary>A file beside the store that is there while somebody has it open, and stays where a process is killed. Then the write-ahead log must be there too: without the log, what was committed last is
/// lost, and the file looks whole all the same.</summary>
internal sealed class SqliteOpenMark(SqliteOptions options)
{
    private readonly string _path = options.Path + "-open";

    /// <summary>Whether the log is missing and that is accepted.</summary>
    /// <exception cref="TableStoreException">The log is missing.</exception>
    public bool Check()
    {
        if (!File.Exists(_path) || !File.Exists(options.Path) || File.Exists(options.LogPath)) return false;
        if (options.AcceptsLoss) return true;
        throw new TableStoreException(
            $"The log {options.LogPath} is missing, although the store was not closed: what was committed last is lost. Put the log back, or a copy of the whole directory; " +
            "or start once with --accept-loss to go on without it.");
    }

    /// <summary>The store is open.</summary>
    public void Set()
    {
        try
        {
            File.WriteAllBytes(_path, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: then a missing log would not be noticed.
        }
    }

    /// <summary>A connection was closed. SQLite removes the log with the last one, and only when all of it is in the file.</summary>
    public void Clear()
    {
        try
        {
            if (!File.Exists(options.LogPath)) File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is gone.
        }
    }
}
