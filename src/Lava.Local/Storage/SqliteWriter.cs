using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lava.Local.Storage;

/// <summary>The connection for writes, used by one thread. A group of transactions is one transaction of SQLite: each checks all its conditions before it
/// writes anything, so one that fails leaves no trace and disturbs no other, and no savepoint is needed.
/// <para>Nothing is trusted after a fault of the disk. A COMMIT that failed has been rolled back by SQLite already, or not; what it left in the log may look
/// whole and not be on the disk. So the connection is opened anew, and takes no write before everything in the log is in the file and synced.</para></summary>
internal sealed partial class SqliteWriter : IDisposable
{
    /// <summary>Least time between two attempts to open the file again, milliseconds.</summary>
    private const long MendPeriod = 250;

    private readonly SqliteOptions _options;
    private readonly SqliteOpenMark _mark;
    private readonly Action _closeReaders;
    private readonly ILogger _logger;
    private readonly Dictionary<string, SqliteStatements> _statements = new(StringComparer.Ordinal);

    private SqliteConnection? _connection;
    private SqliteCommand? _count;
    private SqliteLogWatch _log;
    private TableStoreException? _trouble;
    private volatile TableStoreException? _damage;
    private long _mendAt;

    /// <summary>Opens the file.</summary>
    /// <param name="options">The file.</param>
    /// <param name="mark">Is told of each commit.</param>
    /// <param name="closeReaders">Closes the connections for reads: they are opened anew when the file is.</param>
    /// <param name="logger">Where it is told that the store takes no writes, and that it does again.</param>
    public SqliteWriter(SqliteOptions options, SqliteOpenMark mark, Action closeReaders, ILogger logger)
    {
        (_options, _mark, _closeReaders, _logger) = (options, mark, closeReaders, logger);
        (_connection, _log) = SqliteLogWatch.Open(options.LogPath, () => SqliteConnections.Open(options, mayMake: true));
    }

    /// <summary>Commits a group and completes its waiters: with their outcomes once all is on disk, or with the fault that kept it from there.</summary>
    public void Commit(List<PendingCommit> group)
    {
        group.RemoveAll(static commit => commit.CancellationToken.IsCancellationRequested && commit.Done.TrySetCanceled(commit.CancellationToken));
        if (group.Count > 0) Commit(group, mayRescue: true);
    }

    /// <summary>The file was found to be damaged: it takes no more writes, for what they rest on may be wrong.</summary>
    public void Damaged(SqliteException fault)
    {
        if (_damage is null) LogDamaged(_options.Path, fault);
        _damage ??= SqliteConnections.Fault(fault);
    }

    /// <summary>Looks after the file beside what is written: opens it again where that failed, and saves what is in a log that was removed.</summary>
    public void Tend()
    {
        try
        {
            if (!IsWell()) return;
            if (!_log.IsInPlace) Rescue();
            if (File.Exists(_options.Path)) return;
            _trouble = new TableStoreException($"The local store {_options.Path} was removed or cannot be reached.") { IsTransient = true };
            LogFailed(_options.Path, _trouble);
        }
        catch (TableStoreException)
        {
            // It is tried again, and each write says so.
        }
    }

    public void Dispose()
    {
        if (_connection is null) return;
        try
        {
            SqliteConnections.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException)
        {
            // Another process reads; the next open checkpoints.
        }

        Close();
    }

    private void Commit(List<PendingCommit> group, bool mayRescue)
    {
        try
        {
            if (!IsWell()) throw (_damage ?? _trouble)!;
            Execute("BEGIN IMMEDIATE");

            // Under the lock: another process that found the log gone cannot begin a new one meanwhile.
            if (mayRescue && !_log.IsInPlace)
            {
                RollBack();
                Rescue();
                Commit(group, mayRescue: false);
                return;
            }

            foreach (var commit in group) commit.Result = Apply(commit);
            var count = Count();
            Execute("COMMIT");
            _mark.Note(count);
            if (!_log.IsInPlace) Rescue();
            foreach (var commit in group) commit.Done.SetResult(commit.Result);
        }
        catch (SqliteException fault)
        {
            RollBack();

            // A fault of one (an unknown table) must not fail its neighbours.
            if (group.Count > 1 && fault.SqliteErrorCode == raw.SQLITE_ERROR)
            {
                foreach (var commit in group) Commit([commit], mayRescue);
                return;
            }

            Distrust(fault);
            Refuse(group, SqliteConnections.Fault(fault));
        }
        catch (Exception fault)
        {
            RollBack();
            Refuse(group, fault);
        }
    }

    private static void Refuse(List<PendingCommit> group, Exception fault)
    {
        foreach (var commit in group) commit.Done.TrySetException(fault);
    }

    /// <summary>Whether the file may be written to; where not, tries now and then to bring it back.</summary>
    private bool IsWell()
    {
        if (_damage is not null) return false;
        if (_trouble is null) return true;
        if (Environment.TickCount64 < _mendAt) return false;
        _mendAt = Environment.TickCount64 + MendPeriod;
        try
        {
            Reopen();
            _trouble = null;
            LogMended(_options.Path);
            return true;
        }
        catch (TableStoreException fault)
        {
            _trouble = fault;
            if (!fault.IsTransient) _damage = fault;
            return false;
        }
    }

    // What is known of the connection after a fault: nothing where the disk failed, or where SQLite does not get out of the transaction.
    private void Distrust(SqliteException fault)
    {
        if (SqliteConnections.IsOfDamage(fault))
        {
            Damaged(fault);
            return;
        }

        var isOpen = _connection is not null && raw.sqlite3_get_autocommit(_connection.Handle) == 0;
        if (!isOpen && !SqliteConnections.IsOfDisk(fault)) return;
        _trouble = SqliteConnections.Fault(fault);
        _mendAt = Environment.TickCount64 + MendPeriod;
        LogFailed(_options.Path, fault);
    }

    /// <summary>The log was removed while this connection writes to it: what is in it is brought into the file, and a new one is begun.</summary>
    /// <exception cref="TableStoreException">It could not be; nothing is written before it is.</exception>
    private void Rescue()
    {
        try
        {
            Reopen();
            LogRescued(_options.LogPath);
        }
        catch (TableStoreException fault)
        {
            _trouble = fault;
            _mendAt = Environment.TickCount64 + MendPeriod;
            throw;
        }
    }

    private void Reopen()
    {
        try
        {
            _closeReaders();

            // Through the connection that still has the log open. Where a new one has been begun by another process, that one has saved the old.
            if (_connection is not null && !_log.IsInPlace && !(new FileInfo(_options.LogPath) is { Exists: true, Length: > 0 })) Checkpoint(_connection);
            Close();
            if (!File.Exists(_options.Path))
                throw new TableStoreException($"The local store {_options.Path} was removed or cannot be reached.") { IsTransient = true };
            (_connection, _log) = SqliteLogWatch.Open(_options.LogPath, () => SqliteConnections.Open(_options, mayMake: false));
            Checkpoint(_connection);
        }
        catch (SqliteException fault)
        {
            throw SqliteConnections.Fault(fault);
        }
    }

    // Everything that is committed, into the file and synced.
    private static void Checkpoint(SqliteConnection connection)
    {
        if (SqliteConnections.Read(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is [not 0, ..])
            throw new TableStoreException("The local store's log could not be brought into its file: another process reads.") { IsTransient = true };
    }

    private long Count()
    {
        if (_count is null)
        {
            Execute(SqliteOpenMark.MakeCount);
            _count = _connection!.CreateCommand();
            _count.CommandText = SqliteOpenMark.AddToCount;
            _count.Prepare();
        }

        return (long)_count.ExecuteScalar()!;
    }

    private void Close()
    {
        _count?.Dispose();
        _count = null;
        foreach (var statements in _statements.Values) statements.Dispose();
        _statements.Clear();
        _connection?.Dispose();
        _connection = null;
    }

    private void Execute(string sql) => SqliteConnections.Execute(_connection!, sql);

    private void RollBack()
    {
        if (_connection is null || raw.sqlite3_get_autocommit(_connection.Handle) != 0) return;
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The connection is opened anew.
        }
    }

    private CommitResult Apply(PendingCommit commit)
    {
        if (commit.TablesToMake is not null)
        {
            // Letters and digits by check.
            foreach (var table in commit.TablesToMake)
                Execute($"CREATE TABLE IF NOT EXISTS \"{table}\" (pk TEXT NOT NULL, rk TEXT NOT NULL, etag INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY "
                    + $"(pk, rk)) WITHOUT ROWID");
            return new CommitResult(CommitOutcome.Committed, -1, []);
        }

        if (!_statements.TryGetValue(commit.Table, out var statements))
            _statements[commit.Table] = statements = new SqliteStatements(_connection!, commit.Table);
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

    private static CommitOutcome Check(SqliteStatements statements, string partition, in TableWrite write)
    {
        if (write.Kind == TableWriteKind.Put) return CommitOutcome.Committed;
        var version = statements.Version(partition, write.Key);
        if (write.Kind == TableWriteKind.Insert) return version is null ? CommitOutcome.Committed : CommitOutcome.Duplicate;
        if (version is null) return CommitOutcome.Missing;
        return write.ETag is null || write.ETag == SqliteReader.ETag(version.Value) ? CommitOutcome.Committed : CommitOutcome.Stale;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store {Path} accepts no writes. It is reopened until it does.")]
    private partial void LogFailed(string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store {Path} is damaged and accepts no more writes. Run the audit, then restore a back-up.")]
    private partial void LogDamaged(string path, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store {Path} accepts writes again.")]
    private partial void LogMended(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log {Path} was removed under the running server. Its content is saved. Nothing is lost.")]
    private partial void LogRescued(string path);
}
