using System.Globalization;
using Lava.Service.Ports;
using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>Opens connections the same way everywhere.</summary>
internal static class SqliteConnections
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NoDatabase = 26;

    private static readonly Lock Making = new();

    public static SqliteConnection Open(SqliteOptions options)
    {
        lock (Making) MakeFile(options.Path);

        // SQLite itself waits for locks, in small steps; the driver's own retries sleep long and would come on top.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.Path, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}"));
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, options.IsDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
            Execute(connection, "PRAGMA cache_size = -32768");
            Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
            Execute(connection, "PRAGMA journal_size_limit = 67108864");
            if (options.MaxPages > 0) Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {options.MaxPages}"));
            return connection;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw Fault(fault);
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are this class's own; table names are letters and digits by check.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The port's exception. Another process's lock is worth a retry, and so is a full disk: room can be made.</summary>
    public static TableStoreException Fault(SqliteException fault) =>
        new($"The local store failed. {fault.Message}", fault) { IsTransient = fault.SqliteErrorCode is Busy or Locked or Full };

    /// <summary>Whether the file can no longer be trusted to take writes: after a failed fsync the kernel may have dropped pages that a later,
    /// successful fsync does not bring back.</summary>
    public static bool IsFatal(SqliteException fault) => fault.SqliteErrorCode is ReadOnly or InputOutput or Corrupt or NoDatabase;

    // Made before SQLite makes it by the process's mask; the log and its index take the file's mode over. Never opened when it exists:
    // closing any descriptor of a file drops the locks that this process's other connections hold on it (POSIX).
    private static void MakeFile(string path)
    {
        if (File.Exists(path)) return;
        var make = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) make.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, make).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TableStoreException($"The local store could not be made: {e.Message}", e);
        }
    }
}
