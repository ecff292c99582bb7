using Lava.Service.Ports;
using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>Opens connections the same way everywhere.</summary>
internal static class SqliteConnections
{
    private const int Busy = 5;
    private const int Locked = 6;

    public static SqliteConnection Open(SqliteOptions options)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.Path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA busy_timeout = 10000");
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, options.IsDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
            Execute(connection, "PRAGMA cache_size = -32768");
            Execute(connection, "PRAGMA wal_autocheckpoint = 4000");
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

    public static TableStoreException Fault(SqliteException fault) =>
        new($"SQLite failed with code {fault.SqliteErrorCode}.", fault) { IsTransient = fault.SqliteErrorCode is Busy or Locked };
}
