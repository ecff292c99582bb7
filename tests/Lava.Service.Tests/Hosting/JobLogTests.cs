using Lava.Service.Hosting.SystemState;
using Lava.Service.Ports.Tables;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Service.Tests.Hosting;

/// <summary>What is kept of the runs of jobs, and of the store's size.</summary>
public sealed class JobLogTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    [Fact]
    public async Task The_last_run_of_a_job_is_kept_with_its_outcome_and_the_time_of_the_next()
    {
        var log = new JobLog(host.Tables, host.Clock, NullLogger<JobLog>.Instance);
        var began = host.Clock.GetUtcNow();
        await log.RunAsync("test-job", TimeSpan.FromHours(1), _ => Advance(3), default);
        var run = await FindAsync(log);
        (run.StartedAt, run.Seconds, run.NextAt, run.Error).ShouldBe((began, 3, began.AddHours(1), null));

        // Within a minute only what is new is written down: here that it fails.
        await log.RunAsync("test-job", TimeSpan.FromHours(1), _ => Advance(1), default);
        (await FindAsync(log)).StartedAt.ShouldBe(began);
        await Should.ThrowAsync<InvalidOperationException>(log.RunAsync("test-job", TimeSpan.FromHours(1), _ => throw new InvalidOperationException("no disk"), default));
        (await FindAsync(log)).Error.ShouldBe("InvalidOperationException: no disk");
        await log.RunAsync("test-job", TimeSpan.FromHours(1), _ => Advance(1), default);
        (await FindAsync(log)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_run_that_is_stopped_is_not_told_as_one()
    {
        var log = new JobLog(host.Tables, host.Clock, NullLogger<JobLog>.Instance);
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(log.RunAsync("stopped", TimeSpan.FromHours(1), async token =>
        {
            await stop.CancelAsync();
            token.ThrowIfCancellationRequested();
        }, stop.Token));
        (await log.ListAsync(default)).ShouldNotContain(run => run.Name == "stopped");
    }

    [Fact]
    public async Task The_stores_size_is_kept_for_each_day_and_for_90_days()
    {
        // Tables of its own: the host's job writes down the size of the host's store.
        await using var store = await TestStore.OpenInMemoryAsync();
        var sizes = new StoreSizes(store.Tables, [new Fixed()], host.Clock);
        for (var day = 0; day < 100; day++)
        {
            await sizes.NoteAsync(default);
            host.Clock.Advance(TimeSpan.FromDays(1));
        }

        var kept = await sizes.ListAsync(default);
        kept.Count.ShouldBe(91);
        kept.ShouldAllBe(size => size.Bytes == 42);
        string.CompareOrdinal(kept[0].Day, kept[^1].Day).ShouldBeLessThan(0);
        await new StoreSizes(store.Tables, [], host.Clock).NoteAsync(default);
    }

    private static async Task<JobRun> FindAsync(JobLog log) => (await log.ListAsync(default)).Single(run => run.Name == "test-job");

    private Task Advance(int seconds)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return Task.CompletedTask;
    }

    private sealed class Fixed : IStoreSize
    {
        public long Bytes() => 42;
    }
}
