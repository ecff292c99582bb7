using Lava.Core.Keys;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Due;

namespace Lava.Service.Billing.Clocks;

/// <summary>Moves test clocks: everything due on the way is done, for each customer in its order and at its own time.</summary>
internal sealed class ClockAdvance(TestClockStore clocks, DueIndex due, Biller biller)
{
    private const int PageSize = 200;
    private const int Parallelism = 16;

    /// <summary>Moves a clock that has been marked as advancing to its target, and lets it stand there. Repeating it after a crash goes on where it
    /// stopped.</summary>
    public async ValueTask<TestClock> RunAsync(Tenant tenant, TestClock clock, string etag, CancellationToken cancellationToken)
    {
        var target = clock.AdvancingTo!.Value;
        var partition = DueIndex.Clock(new BillingOwner(tenant, "", clock.Id));
        while (true)
        {
            // What is done leaves the list, what it makes due on the way is listed anew: until nothing is left.
            var page = await due.ListAsync(partition, target, null, PageSize, cancellationToken);
            if (page.Count == 0) break;
            await Parallel.ForEachAsync(
                page.GroupBy(entry => entry.Owner),
                new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
                async (customer, token) =>
                {
                    foreach (var entry in customer) await biller.RunAsync(entry, clock.FrozenTime, target, token);
                });
        }

        var standing = clock with { FrozenTime = target, AdvancingTo = null };
        return await clocks.ReplaceAsync(tenant, standing, etag, cancellationToken)
            ? standing
            : (await clocks.FindAsync(tenant, clock.Id, cancellationToken))!.Value.Clock;
    }
}
