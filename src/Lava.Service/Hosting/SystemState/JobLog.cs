using System.Collections.Concurrent;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Hosting.SystemState;

/// <summary>Runs the jobs of timers, and keeps the last run of each for the operator's pages. A job that runs every few seconds is written down once a minute,
/// and whenever its outcome changes.</summary>
public sealed partial class JobLog(ITableStore tables, TimeProvider time, ILogger<JobLog> logger)
{
    private const string Partition = "system";
    private const string RowPrefix = "job|";

    private static readonly TimeSpan WritePeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, JobRun> _written = new(StringComparer.Ordinal);

    /// <summary>Runs a job. What it throws goes on to the caller.</summary>
    /// <param name="name">The job.</param>
    /// <param name="period">Time between its runs.</param>
    /// <param name="run">Its work.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string name, TimeSpan period, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        var (began, start) = (time.GetUtcNow(), time.GetTimestamp());
        string? error = null;
        try
        {
            await run(cancellationToken);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            error = $"{fault.GetType().Name}: {fault.Message}";
            throw;
        }
        finally
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                var text = error is { Length: > 500 } ? error[..500] : error;
                await WriteAsync(new JobRun(name, began, time.GetElapsedTime(start).TotalSeconds, period.TotalSeconds, text), cancellationToken);
            }
        }
    }

    /// <summary>The last run of each job, by name.</summary>
    public async ValueTask<IReadOnlyList<JobRun>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await tables.QueryAsync(TableNames.Merchants, Partition, KeyRange.Prefix(RowPrefix), TableLimits.MaxPage, cancellationToken);
        return [.. rows.Select(row => Json.Read(row.Data, SystemJson.Default.JobRun))];
    }

    // A run that cannot be written down has run all the same.
    private async ValueTask WriteAsync(JobRun run, CancellationToken cancellationToken)
    {
        if (_written.TryGetValue(run.Name, out var last) && last.Error == run.Error && run.StartedAt - last.StartedAt < WritePeriod) return;
        try
        {
            await tables.CommitAsync(
                TableNames.Merchants,
                Partition,
                [TableWrite.Put(RowPrefix + run.Name, Json.Write(run, SystemJson.Default.JobRun))],
                cancellationToken);
            _written[run.Name] = run;
        }
        catch (Exception fault) when (fault is TableStoreException or OperationCanceledException)
        {
            LogNotWritten(run.Name, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The run of the job {Job} could not be written down.")]
    private partial void LogNotWritten(string job, Exception fault);
}
