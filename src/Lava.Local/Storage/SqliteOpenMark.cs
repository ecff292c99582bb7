using System.Buffers.Binary;
using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;

namespace Lava.Local.Storage;

/// <summary>A file beside the store that is there while somebody has it open, and stays where a process is killed. It holds the number of commits so far, which
/// the store counts itself. A store with fewer commits than its mark has lost some: its write-ahead log was removed or cut short, and the file looks whole all
/// the same.</summary>
internal sealed class SqliteOpenMark(SqliteOptions options) : IDisposable
{
    /// <summary>Makes the store's count of commits. Its name is none that a table of the port can have.</summary>
    public const string MakeCount = "CREATE TABLE IF NOT EXISTS \"store_commits\" (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL); INSERT OR "
        + "IGNORE INTO \"store_commits\" VALUES (1, 0)";

    /// <summary>Counts a commit within its transaction.</summary>
    public const string AddToCount = "UPDATE \"store_commits\" SET count = count + 1 RETURNING count";

    private readonly string _path = options.Path + "-open";
    private SafeFileHandle? _file;

    /// <summary>Whether commits are lost and that is accepted.</summary>
    /// <exception cref="TableStoreException">Commits are lost.</exception>
    public bool Check()
    {
        // The mark first: another server may be adding to both.
        if (!File.Exists(options.Path) || Read() is not { } marked) return false;
        if (CountOf() is not { } there || there >= marked) return false;
        if (options.AcceptsLoss) return true;
        throw new TableStoreException(
            $"The store {options.Path} has lost its last {marked - there} commits: its log {options.LogPath} was removed or cut short. Restore the log or a "
                + $"back-up of the whole directory, "
                +
            "or start once with --accept-loss to continue without them.");
    }

    /// <summary>The store is open.</summary>
    public void Set()
    {
        try
        {
            _file = File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            if (CountOf() is { } count) Note(count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: then a loss would not be noticed.
        }
    }

    /// <summary>A commit is done. Not synced: who is killed keeps what the system has, and after a power cut the mark is behind the store at the
    /// most.</summary>
    /// <param name="count">The store's count.</param>
    public void Note(long count)
    {
        if (_file is not { IsClosed: false } file) return;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
        try
        {
            RandomAccess.Write(file, bytes, 0);
        }
        catch (IOException)
        {
            // A full disk: the mark stays behind.
        }
    }

    /// <summary>A connection was closed. SQLite removes the log with the last one, and only when all of it is in the file.</summary>
    public void Clear()
    {
        Dispose();
        try
        {
            if (!File.Exists(options.LogPath)) File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory is gone.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    // Null where the store was closed, or where its mark could not be written.
    private long? Read()
    {
        try
        {
            return File.Exists(_path) && File.ReadAllBytes(_path) is { Length: sizeof(long) } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Null where the file cannot be read: who uses it is told why.
    private long? CountOf()
    {
        try
        {
            using var connection = SqliteConnections.Open(options, mayMake: false);
            return SqliteConnections.Read(connection, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'store_commits'") is [1]
                ? SqliteConnections.Read(connection, "SELECT count FROM \"store_commits\"")[0]
                : 0;
        }
        catch (Exception fault) when (fault is SqliteException or TableStoreException)
        {
            return null;
        }
    }
}
