using Lava.Core.Keys;

namespace Lava.Service.Billing.Clocks;

/// <summary>The time by which a customer's billing goes.</summary>
public sealed class ClockTime(TestClockStore clocks, TimeProvider time)
{
    /// <summary>The time of a test clock, or real time where there is none.</summary>
    public async ValueTask<DateTimeOffset> NowAsync(Tenant tenant, string? clockId, CancellationToken cancellationToken)
    {
        if (clockId is null) return time.GetUtcNow();
        return (await clocks.FindAsync(tenant, clockId, cancellationToken))?.Clock.FrozenTime ?? time.GetUtcNow();
    }
}
