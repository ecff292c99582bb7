namespace Lava.Core.Billing;

/// <summary>Where billing cycles begin and end: UTC, the anchor's day kept where the month has it, else the month's last day (behaviour.md §6.3).</summary>
public static class BillingCycle
{
    /// <summary>Start of a cycle.</summary>
    /// <param name="anchor">When the first cycle began.</param>
    /// <param name="interval">The length of each.</param>
    /// <param name="number">0 for the first.</param>
    /// <param name="day">The day of the month that cycles of months and years keep; null for the anchor's own day. It differs where the anchor lies at the end
    /// of a month that was too short for it.</param>
    public static DateTimeOffset StartOf(DateTimeOffset anchor, BillingInterval interval, int number, int? day = null)
    {
        var utc = anchor.ToUniversalTime();
        return interval switch
        {
            BillingInterval.Day => utc.AddDays(number),
            BillingInterval.Week => utc.AddDays(7 * number),

            // Counted from the anchor, never from the cycle before: 31 January, 28 February, 31 March.
            BillingInterval.Month => OnDay(utc.AddMonths(number), day),
            _ => OnDay(utc.AddYears(number), day),
        };
    }

    private static DateTimeOffset OnDay(DateTimeOffset start, int? day) =>
        day is { } wanted ? start.AddDays(Math.Min(wanted, DateTime.DaysInMonth(start.Year, start.Month)) - start.Day) : start;
}
