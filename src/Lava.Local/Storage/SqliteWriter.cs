using Lava.Service.Ports;
using Microsoft.Data.Sqlite;

namespace Lava.Local.Storage;

/// <summary>The connection for writes, used by one thread. A group of transactions is one transaction of SQLite: each checks all its conditions before it writes
/// anything, so one that fails leaves no trace and disturbs no other, and no savepoint is needed.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statements> _statements = new(StringComparer.Ordinal);

    private TableStoreException? _broken;

    public SqliteWriter(SqliteOptions options) => _connection = SqliteConnections.Open(options);

    /// <summary>Commits a group and completes its waiters: with their outcomes once all is on disk, or with the fault that kept it from there.</summary>
    public void Commit(List<PendingCommit> group)
    {
        group.RemoveAll(static commit => commit.CancellationToken.IsCancellationRequested && commit.Done.TrySetCanceled(commit.CancellationToken));
        if (group.Count == 0) return;
        if (_broken is { } broken)
        {
            foreach (var commit in group) commit.Done.TrySetException(broken);
            return;
        }

        try
        {
            using (var transaction = _connection.BeginTransaction(deferred: false))
            {
                foreach (var commit in group) commit.Result = Apply(commit, transaction);
                transaction.Commit();
            }

            foreach (var commit in group) commit.Done.SetResult(commit.Result);
        }
        catch (Exception fault)
        {
            // A fault of one (an unknown table) must not fail its neighbours.
            if (group.Count > 1 && fault is SqliteException { SqliteErrorCode: 1 })
            {
                foreach (var commit in group) Commit([commit]);
                return;
            }

            if (fault is SqliteException fatal && SqliteConnections.IsFatal(fatal))
                _broken = new TableStoreException($"The local store takes no more writes until it is opened again. {fatal.Message}", fatal);
            var told = fault is SqliteException sqlite ? SqliteConnections.Fault(sqlite) : fault;
            foreach (var commit in group) commit.Done.TrySetException(told);
        }
    }

    public void Dispose()
    {
        foreach (var statements in _statements.Values) statements.Dispose();
        try
        {
            SqliteConnections.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // Another process reads; the next open checkpoints.
        }

        _connection.Dispose();
    }

    private CommitResult Apply(PendingCommit commit, SqliteTransaction transaction)
    {
        if (commit.TablesToMake is not null)
        {
            foreach (var table in commit.TablesToMake) MakeTable(table, transaction);
            return new CommitResult(CommitOutcome.Committed, -1, []);
        }

        if (!_statements.TryGetValue(commit.Table, out var statements)) _statements[commit.Table] = statements = new Statements(_connection, commit.Table);
        statements.Use(transaction);
        for (var i = 0; i < commit.Writes.Count; i++)
        {
            var outcome = Check(statements, commit.Partition, commit.Writes[i]);
            if (outcome != CommitOutcome.Committed) return new CommitResult(outcome, i, []);
        }

        var etags = new string[commit.Writes.Count];
        for (var i = 0; i < etags.Length; i++)
        {
            var write = commit.Writes[i];
            if (write.Kind == TableWriteKind.Delete)
            {
                statements.Remove(commit.Partition, write.Key);
                etags[i] = "";
                continue;
            }

            var version = Random.Shared.NextInt64(1, long.MaxValue);
            statements.Write(commit.Partition, write.Key, version, write.Data);
            etags[i] = SqliteReader.ETag(version);
        }

        return new CommitResult(CommitOutcome.Committed, -1, etags);
    }

    private static CommitOutcome Check(Statements statements, string partition, in TableWrite write)
    {
        if (write.Kind == TableWriteKind.Put) return CommitOutcome.Committed;
        var version = statements.Version(partition, write.Key);
        if (write.Kind == TableWriteKind.Insert) return version is null ? CommitOutcome.Committed : CommitOutcome.Duplicate;
        if (version is null) return CommitOutcome.Missing;
        return write.ETag is null || write.ETag == SqliteReader.ETag(version.Value) ? CommitOutcome.Committed : CommitOutcome.Stale;
    }

    private void MakeTable(string table, SqliteTransaction transaction)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Letters and digits by check.
        command.CommandText = $"CREATE TABLE IF NOT EXISTS \"{table}\" (pk TEXT NOT NULL, rk TEXT NOT NULL, etag INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (pk, rk)) WITHOUT ROWID";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class Statements : IDisposable
    {
        private readonly SqliteCommand _version;
        private readonly SqliteCommand _write;
        private readonly SqliteCommand _remove;

        public Statements(SqliteConnection connection, string table)
        {
            _version = Prepare(connection, $"SELECT etag FROM \"{table}\" WHERE pk = $pk AND rk = $rk", 0);
            _write = Prepare(connection, $"INSERT INTO \"{table}\" (pk, rk, etag, data) VALUES ($pk, $rk, $etag, $data) ON CONFLICT (pk, rk) DO UPDATE SET etag = $etag, data = $data", 2);
            _remove = Prepare(connection, $"DELETE FROM \"{table}\" WHERE pk = $pk AND rk = $rk", 0);
        }

        public void Use(SqliteTransaction transaction) => _version.Transaction = _write.Transaction = _remove.Transaction = transaction;

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

        private static SqliteCommand Prepare(SqliteConnection connection, string sql, int more)
        {
            var command = connection.CreateCommand();
#pragma warning disable CA2100 // Letters and digits by check.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.Parameters.Add(new SqliteParameter { ParameterName = "$pk" });
            command.Parameters.Add(new SqliteParameter { ParameterName = "$rk" });
            if (more == 2)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$etag" });
                command.Parameters.Add(new SqliteParameter { ParameterName = "$data" });
            }

            return command;
        }
    }
}
