using System.Globalization;
using Lava.Console.Serving;
using Lava.Service.Billing.Clocks;
using Lava.Service.Reporting.UsageReports;

namespace Lava.Console.Portal;

/// <summary>The last thirty days of a customer, by the clock by which the customer lives.</summary>
internal sealed class PortalClock(PortalApi api, ClockTime clocks)
{
    /// <summary>Days that are shown.</summary>
    public const int Days = 30;

    private const int MostModels = 8;

    /// <summary>The customer's usage by day (UTC).</summary>
    /// <param name="visit">Whose.</param>
    /// <param name="groupBy">By what it is split; null for nothing.</param>
    /// <returns>The first day, and the usage.</returns>
    public async ValueTask<(DateTime From, UsageResponse Usage)> UsageAsync(PortalVisit visit, string? groupBy)
    {
        var now = await clocks.NowAsync(visit.Tenant, visit.Customer!.TestClockId, visit.Http.RequestAborted);
        var from = now.UtcDateTime.Date.AddDays(1 - Days);
        var path = QueryText.Of("/usage", [
            ("start", Text(from)),
            ("end", visit.Customer.TestClockId is null ? null : Text(from.AddDays(Days))),
            ("customer_id", visit.Session!.CustomerId),
            ("group_by", groupBy),
            ("group_limit", groupBy is null ? null : MostModels.ToString(CultureInfo.InvariantCulture))]);
        return (from, (await api.GetAsync(visit, path, UsageReportsJson.Default.UsageResponse)).Required);
    }

    private static string Text(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
