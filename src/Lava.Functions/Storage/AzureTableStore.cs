using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Lava.Service.Ports.Tables;

namespace Lava.Functions.Storage;

/// <summary>Tables in Azure Table Storage, or in an emulator that speaks its protocol. Tries again here and not in the client, which would repeat a write whose
/// answer was lost and take its own traces for somebody else's: here a read is simply repeated, and a transaction so that its outcome is known
/// (<see cref="CommitAsync"/>).</summary>
public sealed class AzureTableStore : ITableStore
{
    /// <summary>How long a try may take. The service itself gives up after 30 s, and is done within milliseconds when it is well.</summary>
    private static readonly TimeSpan TryTime = TimeSpan.FromSeconds(10);

    /// <summary>Row reads at once when the rows of a transaction are looked for.</summary>
    private const int ReadsAtOnce = 16;

    // The version of a row that others have changed since: no row ever has it, so who asks for it is told that it is stale.
    private const string Superseded = "W/\"datetime'1601-01-01T00%3A00%3A00.0000000Z'\"";

    private readonly TableServiceClient _service;
    private readonly TimeProvider _time;

    private AzureTableStore(TableServiceClient service, TimeProvider time) => (_service, _time) = (service, time);

    /// <summary>The tables of a connection string's account.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="time">The clock of the waits between tries.</param>
    /// <param name="configure">Changes the client's options, but for its tries.</param>
    public static AzureTableStore Connect(string connection, TimeProvider time, Action<TableClientOptions>? configure = null) =>
        new(new TableServiceClient(connection, Options(configure)), time);

    /// <summary>The tables at an address, reached with an identity.</summary>
    /// <param name="address">The account's table endpoint.</param>
    /// <param name="credential">The identity.</param>
    /// <param name="time">The clock of the waits between tries.</param>
    public static AzureTableStore Connect(Uri address, TokenCredential credential, TimeProvider time) =>
        new(new TableServiceClient(address, credential, Options(null)), time);

    /// <inheritdoc />
    public async ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        // Safe to repeat: a table that is there is as good as one that was made. All at once, for the app's first answer waits for them.
        await Task.WhenAll(tables.Select(table => RepeatAsync(
            async token => await _service.CreateTableIfNotExistsAsync(table, token),
            cancellationToken).AsTask()));
    }

    /// <inheritdoc />
    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        TableLimits.CheckKey(row);
        return await FindAsync(table, partition, row, cancellationToken) is { } entity ? ToRow(entity) : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, TableLimits.MaxPage);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {range.From} and RowKey lt {range.To}");
        var pages = _service.GetTableClient(table).QueryAsync<TableEntity>(filter, take, cancellationToken: cancellationToken);
        var rows = new List<TableRow>(Math.Min(take, 64));
        string? continuation = null;
        do
        {
            // The service may end a page early, at a time limit or a partition server's edge, even an empty one: only a page without a continuation ends the
            // range. A try begins at the page that failed, not at the range's start.
            var page = await RepeatAsync(token => PageAsync(pages, continuation, token), cancellationToken);
            foreach (var entity in page?.Values ?? [])
            {
                rows.Add(ToRow(entity));
                if (rows.Count == take) return rows;
            }

            continuation = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(continuation));

        return rows;
    }

    /// <summary>Writes all or none. A try whose answer was lost (time-out, connection cut, 500) may have been carried out, or may yet be. It is repeated as it
    /// was: its conditions keep it from happening twice, for of two that insert the same row, or replace or delete the same version, one alone succeeds. When
    /// the repetition is refused the rows are read, and the token that the transaction leaves in them tells whether the refusal came from its own first try.
    /// Where nothing tells (others have changed every row since, or it left none) the outcome is unknown and said to be so: an exception, as of a process that
    /// died, which every caller must bear. A transaction of puts alone has no condition; its repetition writes the same again.</summary>
    /// <inheritdoc />
    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableLimits.CheckWrites(partition, writes);
        cancellationToken.ThrowIfCancellationRequested();
        var token = TransactionToken.Create();
        var actions = writes.Select(write => ToAction(partition, write, token)).ToArray();
        var patience = new StoragePatience(_time);
        var mayBeDone = false;
        while (true)
        {
            try
            {
                // Not cancelled once it is on its way: who gave up would not know what happened, and would have to ask.
                var answer = await _service.GetTableClient(table).SubmitTransactionAsync(actions, CancellationToken.None);
                return new CommitResult(CommitOutcome.Committed, -1, [.. answer.Value.Select(part => part.Headers.ETag?.ToString() ?? "")]);
            }
            catch (TableTransactionFailedException refusal) when (OutcomeOf(refusal) is { } outcome)
            {
                if (!mayBeDone) return new CommitResult(outcome, refusal.FailedTransactionActionIndex ?? 0, []);
                return await FindOwnAsync(table, partition, writes, token) ?? throw Unknown(refusal);
            }
            catch (Exception exception) when (StorageFault.Of(exception, CancellationToken.None) is { } fault)
            {
                mayBeDone |= !fault.IsUndone;
                if (fault.IsTransient && await patience.WaitAsync(fault.RetryAfter, mayBeDone ? CancellationToken.None : cancellationToken)) continue;
                if (!mayBeDone) throw new TableStoreException(fault.Message, exception) { IsTransient = fault.IsTransient };
                return await FindOwnAsync(table, partition, writes, token) ?? throw Unknown(exception);
            }
        }
    }

    private static TableClientOptions Options(Action<TableClientOptions>? configure)
    {
        var options = new TableClientOptions();
        options.Retry.NetworkTimeout = TryTime;
        configure?.Invoke(options);
        options.Retry.MaxRetries = 0;
        return options;
    }

    private static CommitOutcome? OutcomeOf(RequestFailedException refusal) => refusal.Status switch
    {
        409 when refusal.ErrorCode == TableErrorCode.EntityAlreadyExists.ToString() => CommitOutcome.Duplicate,
        412 => CommitOutcome.Stale,
        404 when refusal.ErrorCode != TableErrorCode.TableNotFound.ToString() => CommitOutcome.Missing,
        _ => null,
    };

    private static TableStoreException Unknown(Exception cause) =>
        new("The answer of the table service was lost, and whether the transaction was carried out cannot be told.", cause) { IsTransient = true };

    private static TableTransactionAction ToAction(string partition, TableWrite write, TransactionToken token)
    {
        var entity = new TableEntity(partition, write.Key);
        if (write.Kind != TableWriteKind.Delete)
        {
            token.Mark(entity);
            Document.Spread(write.Data.Span, entity);
        }

        return write.Kind switch
        {
            TableWriteKind.Insert => new TableTransactionAction(TableTransactionActionType.Add, entity),
            TableWriteKind.Replace => new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, new ETag(write.ETag!)),
            TableWriteKind.Put => new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity),
            _ => new TableTransactionAction(TableTransactionActionType.Delete, entity, write.ETag is null ? ETag.All : new ETag(write.ETag)),
        };
    }

    private static TableRow ToRow(TableEntity entity) => new(entity.RowKey, entity.ETag.ToString(), Document.Gather(entity));

    private static async Task<Page<TableEntity>?> PageAsync(AsyncPageable<TableEntity> pages, string? continuation, CancellationToken cancellationToken)
    {
        await foreach (var page in pages.AsPages(continuation).WithCancellation(cancellationToken)) return page;
        return null;
    }

    /// <summary>The result of a transaction, by what it left behind; null where none of its rows bears its token. One row is enough: it wrote all or
    /// none.</summary>
    private async ValueTask<CommitResult?> FindOwnAsync(string table, string partition, IReadOnlyList<TableWrite> writes, TransactionToken token)
    {
        var etags = new string[writes.Count];
        var isOurs = false;
        await Parallel.ForAsync(0, writes.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce }, async (i, _) =>
        {
            etags[i] = "";
            if (writes[i].Kind == TableWriteKind.Delete) return;
            var entity = await FindAsync(table, partition, writes[i].Key, CancellationToken.None);
            var isMarked = entity is not null && token.Marks(entity);
            etags[i] = isMarked ? entity!.ETag.ToString() : Superseded;
            if (isMarked) Volatile.Write(ref isOurs, true);
        });
        return isOurs ? new CommitResult(CommitOutcome.Committed, -1, etags) : null;
    }

    private async ValueTask<TableEntity?> FindAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        var found = await RepeatAsync(
            async token => await _service.GetTableClient(table).GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: token),
            cancellationToken);
        if (found.HasValue) return found.Value;

        // The client takes every 404 for a row that is not there. A table that is not there is a fault, and must not look like an account that has nothing.
        if (found.GetRawResponse().Content.ToMemory().Span.IndexOf("TableNotFound"u8) < 0) return null;
        throw new TableStoreException("The table service answered 404 TableNotFound.");
    }

    /// <summary>Makes a call that may be made any number of times.</summary>
    private async ValueTask<T> RepeatAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var patience = new StoragePatience(_time);
        while (true)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception exception) when (StorageFault.Of(exception, cancellationToken) is { } fault)
            {
                if (!fault.IsTransient || !await patience.WaitAsync(fault.RetryAfter, cancellationToken))
                    throw new TableStoreException(fault.Message, exception) { IsTransient = fault.IsTransient };
            }
        }
    }
}
