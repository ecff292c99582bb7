using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>The prepared statements with which the writer changes one table.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _write;
    private readonly SqliteCommand _remove;

    public SqliteStatements(SqliteConnection connection, string table)
    {
        _version = Prepare(connection, $"SELECT etag FROM \"{table}\" WHERE pk = $pk AND rk = $rk", "$pk", "$rk");
        _write = Prepare(
            connection,
            $"INSERT INTO \"{table}\" (pk, rk, etag, data) VALUES ($pk, $rk, $etag, $data) ON CONFLICT (pk, rk) DO UPDATE SET etag = $etag, data = $data",
            "$pk", "$rk", "$etag", "$data");
        _remove = Prepare(connection, $"DELETE FROM \"{table}\" WHERE pk = $pk AND rk = $rk", "$pk", "$rk");
    }

    public long? Version(string partition, string key)
    {
        _version.Parameters[0].Value = partition;
        _version.Parameters[1].Value = key;
        return _version.ExecuteScalar() as long?;
    }

    public void Write(string partition, string key, long version, ReadOnlyMemory<byte> data)
    {
        _write.Parameters[0].Value = partition;
        _write.Parameters[1].Value = key;
        _write.Parameters[2].Value = version;
        _write.Parameters[3].Value = data.ToArray();
        _write.ExecuteNonQuery();
    }

    public void Remove(string partition, string key)
    {
        _remove.Parameters[0].Value = partition;
        _remove.Parameters[1].Value = key;
        _remove.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _version.Dispose();
        _write.Dispose();
        _remove.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Letters and digits by check.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
