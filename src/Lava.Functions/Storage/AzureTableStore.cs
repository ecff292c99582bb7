using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Lava.Service.Ports;

namespace Lava.Functions.Storage;

/// <summary>Tables in Azure Table Storage, or in an emulator that speaks its protocol.</summary>
public sealed class AzureTableStore(TableServiceClient service) : ITableStore
{
    /// <inheritdoc />
    public async ValueTask EnsureTablesAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        foreach (var table in tables) await GuardAsync(async () => await service.CreateTableIfNotExistsAsync(table, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        TableLimits.CheckKey(row);
        var found = await GuardAsync(async () => await service.GetTableClient(table).GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken), cancellationToken);
        return found is { HasValue: true, Value: { } entity } ? ToRow(entity) : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<TableRow>> QueryAsync(string table, string partition, KeyRange range, int take, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, TableLimits.MaxPage);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {range.From} and RowKey lt {range.To}");
        return await GuardAsync(async () =>
        {
            // The service may end a page early, at a time limit or a partition server's edge: only a page without a continuation ends the range.
            var rows = new List<TableRow>(Math.Min(take, 64));
            await foreach (var entity in service.GetTableClient(table).QueryAsync<TableEntity>(filter, take, cancellationToken: cancellationToken))
            {
                rows.Add(ToRow(entity));
                if (rows.Count == take) break;
            }

            return rows;
        }, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableLimits.CheckKey(partition);
        TableLimits.CheckWrites(writes);
        var actions = writes.Select(write => ToAction(partition, write)).ToArray();
        return await GuardAsync(async () =>
        {
            try
            {
                var answer = await service.GetTableClient(table).SubmitTransactionAsync(actions, cancellationToken);
                return new CommitResult(CommitOutcome.Committed, -1, [.. answer.Value.Select(part => part.Headers.ETag?.ToString() ?? "")]);
            }
            catch (TableTransactionFailedException refusal) when (OutcomeOf(refusal) is { } outcome)
            {
                return new CommitResult(outcome, refusal.FailedTransactionActionIndex ?? 0, []);
            }
        }, cancellationToken);
    }

    private static CommitOutcome? OutcomeOf(RequestFailedException refusal) => refusal.Status switch
    {
        409 when refusal.ErrorCode == TableErrorCode.EntityAlreadyExists.ToString() => CommitOutcome.Duplicate,
        412 => CommitOutcome.Stale,
        404 when refusal.ErrorCode != TableErrorCode.TableNotFound.ToString() => CommitOutcome.Missing,
        _ => null,
    };

    private static TableTransactionAction ToAction(string partition, TableWrite write)
    {
        var entity = new TableEntity(partition, write.Key);
        if (write.Kind != TableWriteKind.Delete) Document.Spread(write.Data.Span, entity);
        return write.Kind switch
        {
            TableWriteKind.Insert => new TableTransactionAction(TableTransactionActionType.Add, entity),
            TableWriteKind.Replace => new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, new ETag(write.ETag!)),
            TableWriteKind.Put => new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity),
            _ => new TableTransactionAction(TableTransactionActionType.Delete, entity, write.ETag is null ? ETag.All : new ETag(write.ETag)),
        };
    }

    private static TableRow ToRow(TableEntity entity) => new(entity.RowKey, entity.ETag.ToString(), Document.Gather(entity));

    private static async ValueTask<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException fault)
        {
            // Status 0: no answer at all. The client has tried several times by now.
            throw new TableStoreException($"The table service answered {fault.Status} {fault.ErrorCode}.", fault) { IsTransient = fault.Status is 0 or 408 or 429 or >= 500 };
        }
        catch (Exception fault) when (fault is AggregateException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Every try failed, or the last one waited for too long.
            throw new TableStoreException("The table service could not be reached.", fault) { IsTransient = true };
        }
    }
}
