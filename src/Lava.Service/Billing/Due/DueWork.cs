using Microsoft.Extensions.Logging;

namespace Lava.Service.Billing.Due;

/// <summary>Does what is due for all customers that live by real time, and opens the billing of those whose process died after it had stored them.
/// Run by a timer; two runs at once, here or on other instances, do everything once.</summary>
public sealed partial class DueWork(DueIndex due, Biller biller, TimeProvider time, ILogger<DueWork> logger)
{
    private const int PageSize = 200;
    private const int Parallelism = 16;

    /// <summary>Does everything that is due now. What fails stays due and holds up nobody else.</summary>
    /// <returns>How many customers were worked on.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var done = 0;

        // Each run begins elsewhere, so that instances which start together do not follow each other.
        var first = Random.Shared.Next(DueIndex.Shards);
        for (var i = 0; i < DueIndex.Shards; i++) done += await RunShardAsync(DueIndex.Shard((first + i) % DueIndex.Shards), now, cancellationToken);
        return done;
    }

    private async ValueTask<int> RunShardAsync(string shard, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var done = 0;
        string? after = null;
        while (true)
        {
            var page = await due.ListAsync(shard, now, after, PageSize, cancellationToken);
            await Parallel.ForEachAsync(page, new ParallelOptions
            {
                MaxDegreeOfParallelism = Parallelism,
                CancellationToken = cancellationToken,
            }, async (entry, token) =>
            {
                try
                {
                    if (await biller.RunAsync(entry, token)) Interlocked.Increment(ref done);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    LogFailed(entry.Owner.CustomerId, fault);
                }
            });
            if (page.Count < PageSize) return done;
            after = page[^1].Key;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Billing of {Customer} failed. It stays due.")]
    private partial void LogFailed(string customer, Exception fault);
}
