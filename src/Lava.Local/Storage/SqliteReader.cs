using System.Globalization;
using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>One connection for reads, with its prepared statements.</summary>
/// <param name="options">The file.</param>
/// <param name="generation">How often the file had been opened anew when this was made; one of an earlier time may read from a log that is no more.</param>
internal sealed class SqliteReader(SqliteOptions options, int generation) : IDisposable
{
    private readonly SqliteConnection _connection = SqliteConnections.Open(options, mayMake: false);
    private readonly Dictionary<string, SqliteCommand> _gets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteCommand> _queries = new(StringComparer.Ordinal);

    public int Generation { get; } = generation;

    public TableRow? Get(string table, string partition, string row)
    {
        if (!_gets.TryGetValue(table, out var command))
        {
            command = Prepare($"SELECT etag, data FROM \"{table}\" WHERE pk = $pk AND rk = $rk", "$pk", "$rk");
            _gets[table] = command;
        }

        command.Parameters[0].Value = partition;
        command.Parameters[1].Value = row;
        using var reader = command.ExecuteReader();
        return reader.Read() ? new TableRow(row, ETag(reader.GetInt64(0)), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public IReadOnlyList<TableRow> Query(string table, string partition, KeyRange range, int take)
    {
        if (!_queries.TryGetValue(table, out var command))
        {
            command = Prepare(
                $"SELECT rk, etag, data FROM \"{table}\" WHERE pk = $pk AND rk >= $from AND rk < $to ORDER BY rk LIMIT $take", "$pk", "$from", "$to", "$take");
            _queries[table] = command;
        }

        command.Parameters[0].Value = partition;
        command.Parameters[1].Value = range.From;
        command.Parameters[2].Value = range.To;
        command.Parameters[3].Value = take;
        var rows = new List<TableRow>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(new TableRow(reader.GetString(0), ETag(reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2)));
        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _gets.Values) command.Dispose();
        foreach (var command in _queries.Values) command.Dispose();
        _connection.Dispose();
    }

    internal static string ETag(long version) => version.ToString("x16", CultureInfo.InvariantCulture);

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only the table's name is put in, letters and digits by check.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
