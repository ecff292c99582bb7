using Lava.Core.Keys;
using Lava.Service.Metering.Booking;
using Lava.Service.Metering.Records;
using Microsoft.Extensions.Logging;

namespace Lava.Service.Metering.Pending;

/// <summary>Closes calls whose instance died before their usage was known: they are shown as errors and charged nothing. What they had reserved is free when
/// the lease of their instance runs out. A record that comes later than the bound still wins over the sweep.</summary>
public sealed partial class Sweep(PendingCalls pending, Meterer meterer, TimeProvider time, ILogger<Sweep> logger)
{
    /// <summary>Closes the calls that were sent longer than <paramref name="age"/> ago. Returns how many.</summary>
    /// <param name="age">Longer than any call can take.</param>
    /// <param name="cancellationToken">Ends it between tenants.</param>
    public async ValueTask<int> RunAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var closed = 0;
        for (var isMore = true; isMore;)
        {
            var rows = await pending.ListOlderAsync(now - age, cancellationToken);
            isMore = rows.Count >= 200;
            closed += rows.Count;
            foreach (var tenant in rows.GroupBy(row => new Tenant(row.MerchantId, row.IsLive ? Mode.Live : Mode.Test)))
            {
                await meterer.MeterAsync(tenant.Key, [.. tenant.Select(row => Closed(row.Draft, now))], cancellationToken);
            }
        }

        if (closed > 0) LogClosed(closed);
        return closed;
    }

    private static UsageRecord Closed(UsageRecord draft, DateTimeOffset now) =>
        draft with
        {
            IsError = true, IsSwept = true, ErrorCode = CallFailure.UsageUnknown.Code, CompletedAt = now,
            IsManaged = false, IsBilled = false, HasPendingRow = true,
        };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} calls whose usage never arrived were closed as errors.")]
    private partial void LogClosed(int count);
}
