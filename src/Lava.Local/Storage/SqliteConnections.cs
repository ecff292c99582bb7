using System.Globalization;
using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>Opens connections the same way everywhere.</summary>
internal static class SqliteConnections
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int NoMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>The log is brought into the file when it has grown to about this many bytes.</summary>
    private const long LogBytes = 16 * 1024 * 1024;

    // Two threads that open a store at once would both find no file. With the lock the later one finds it; another process is caught by the exception.
    private static readonly Lock Making = new();

    /// <summary>Opens a connection.</summary>
    /// <param name="options">The file.</param>
    /// <param name="mayMake">Whether the file is made where there is none; otherwise that is a fault.</param>
    public static SqliteConnection Open(SqliteOptions options, bool mayMake)
    {
        if (mayMake)
        {
            lock (Making) MakeFile(options.Path);
        }

        // SQLite itself waits for locks, in small steps; the driver's own retries sleep long and would come on top.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = options.Path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }.ToString());
        try
        {
            connection.Open();
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(int)options.BusyTimeout.TotalMilliseconds}"));
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size = {options.PageSize}"));
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, options.IsDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
            Execute(connection, "PRAGMA cache_size = -32768");
            Execute(connection, "PRAGMA journal_size_limit = 67108864");
            var page = Read(connection, "PRAGMA page_size")[0];
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA wal_autocheckpoint = {LogBytes / page}"));
            if (options.MaxBytes > 0) Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {options.MaxBytes / page}"));
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
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>The numbers of the first row that a statement returns.</summary>
    public static long[] Read(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return [];
        var numbers = new long[reader.FieldCount];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.GetInt64(i);
        return numbers;
    }

    /// <summary>The port's exception. It is transient where it may go away by itself or be put right beside the server: another process's lock, a full disk, a
    /// disk that does not answer; not where the file itself is damaged.</summary>
    public static TableStoreException Fault(SqliteException fault) =>
        new($"The local store failed. {fault.Message}", fault) { IsTransient = fault.SqliteErrorCode is Busy or Locked or Full or NoMemory || IsOfDisk(fault) };

    /// <summary>Whether the disk failed, so that the connection must be opened anew before it is trusted again.</summary>
    public static bool IsOfDisk(SqliteException fault) => fault.SqliteErrorCode is ReadOnly or InputOutput or CannotOpen;

    /// <summary>Whether the file holds what SQLite cannot have written.</summary>
    public static bool IsOfDamage(SqliteException fault) => fault.SqliteErrorCode is Corrupt or NoDatabase;

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are this folder's own; table names are letters and digits by check.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

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
            throw new TableStoreException($"The local store could not be created: {e.Message}", e);
        }
    }
}
