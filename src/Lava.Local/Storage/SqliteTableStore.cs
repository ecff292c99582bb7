using System.Collections.Concurrent;
using System.Threading.Channels;
using Lava.Service.Ports.Tables;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Local.Storage;

/// <summary>Tables in one SQLite file, with the semantics and limits of Azure Table Storage. All writes go through one thread that commits what has gathered
/// while the last commit waited for the disk (group commit); reads use a small pool of connections and see all that is committed. Several processes may share
/// the file.</summary>
public sealed class SqliteTableStore : ITableStore, IAsyncDisposable
{
    private const int MaxGroup = 256;
    private const int MaxIdleReaders = 8;

    /// <summary>How often the file is looked after, milliseconds.</summary>
    private const int TendPeriod = 1_000;

    private readonly SqliteOptions _options;
    private readonly Channel<PendingCommit> _commits = Channel.CreateBounded<PendingCommit>(
        new BoundedChannelOptions(8_192) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly ConcurrentBag<SqliteReader> _readers = [];
    private readonly Thread _writer;
    private readonly SqliteWriter _writerConnection;
    private readonly SqliteOpenMark _mark;
    private int _generation;
    private int _isDisposed;

    /// <summary>Opens the file, making it if it does not exist.</summary>
    /// <param name="options">The file.</param>
    /// <param name="logger">Where it is told that the store takes no writes, and that it does again; null for nowhere.</param>
    /// <exception cref="TableStoreException">The file cannot be opened or is not a database, or its log is missing.</exception>
    public SqliteTableStore(SqliteOptions options, ILogger<SqliteTableStore>? logger = null)
    {
        _options = options;
        _mark = new SqliteOpenMark(options);
        LostLog = _mark.Check();
        _writerConnection = new SqliteWriter(options, _mark, NextGeneration, logger ?? NullLogger<SqliteTableStore>.Instance);
        _mark.Set();
        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "sqlite-writer" };
        _writer.Start();
    }

    /// <summary>Whether the file was opened although its log was missing (<see cref="SqliteOptions.AcceptsLoss"/>).</summary>
    public bool LostLog { get; }

    /// <inheritdoc/>
    public async ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        foreach (var table in tables) CheckTable(table);
        await EnqueueAsync(new PendingCommit("", "", [], tables, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckTable(table);
        TableLimits.CheckKey(partition);
        TableLimits.CheckKey(row);
        return ValueTask.FromResult(Read(reader => reader.Get(table, partition, row)));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckTable(table);
        TableLimits.CheckKey(partition);
        ArgumentNullException.ThrowIfNull(range.From, nameof(range));
        ArgumentNullException.ThrowIfNull(range.To, nameof(range));
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, TableLimits.MaxPage);
        return ValueTask.FromResult(Read(reader => reader.Query(table, partition, range, take)));
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        CheckTable(table);
        TableLimits.CheckWrites(partition, writes);
        return await EnqueueAsync(new PendingCommit(table, partition, writes, null, cancellationToken), cancellationToken);
    }

    /// <summary>Finishes the commits under way and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        _commits.Writer.Complete();
        await Task.Run(_writer.Join);
        CloseReaders();
        _writerConnection.Dispose();
        _mark.Clear();
    }

    private async Task<CommitResult> EnqueueAsync(PendingCommit commit, CancellationToken cancellationToken)
    {
        try
        {
            await _commits.Writer.WriteAsync(commit, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new TableStoreException("The store is closed.");
        }

        // A cancelled one that still waits is never carried out; once the writer has it its outcome counts: a caller that gave up would not know what happened.
        return await commit.Done.Task;
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) == 1, this);
            var generation = Volatile.Read(ref _generation);
            if (!_readers.TryTake(out var reader)) reader = new SqliteReader(_options, generation);
            var isKept = false;
            try
            {
                var result = read(reader);
                isKept = _readers.Count < MaxIdleReaders && reader.Generation == Volatile.Read(ref _generation);
                return result;
            }
            catch (SqliteException fault)
            {
                // The file was opened anew meanwhile: a new connection sees what this one could not.
                if (reader.Generation != Volatile.Read(ref _generation)) continue;
                if (SqliteConnections.IsOfDamage(fault)) _writerConnection.Damaged(fault);
                throw SqliteConnections.Fault(fault);
            }
            finally
            {
                if (isKept) _readers.Add(reader);
                else reader.Dispose();

                // Disposed meanwhile: nobody else would close it.
                if (Volatile.Read(ref _isDisposed) == 1)
                {
                    CloseReaders();
                    _mark.Clear();
                }
            }
        }
    }

    private void NextGeneration()
    {
        Interlocked.Increment(ref _generation);
        CloseReaders();
    }

    private void CloseReaders()
    {
        while (_readers.TryTake(out var reader)) reader.Dispose();
    }

    // Azure's rule, which also keeps the name safe in SQL.
    private static void CheckTable(string table)
    {
        if (table.Length is < 3 or > 63 || !char.IsAsciiLetter(table[0]) || !table.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("A table's name has 3 to 63 ASCII letters and digits and starts with a letter.", nameof(table));
    }

    private void WriteLoop()
    {
        var group = new List<PendingCommit>(MaxGroup);
        var tendedAt = Environment.TickCount64;
        while (true)
        {
            var isMore = _commits.Reader.WaitToReadAsync().AsTask();
            while (!isMore.Wait(TendPeriod)) Tend();
            if (!isMore.GetAwaiter().GetResult()) return;
            group.Clear();
            while (group.Count < MaxGroup && _commits.Reader.TryRead(out var commit)) group.Add(commit);
            _writerConnection.Commit(group);
            if (Environment.TickCount64 - tendedAt >= TendPeriod) Tend();
        }

        void Tend()
        {
            tendedAt = Environment.TickCount64;
            _writerConnection.Tend();
        }
    }
}
