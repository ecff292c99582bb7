namespace Lava.Core.SpendKeys;

/// <summary>Where the periods of limits begin.</summary>
public static class LimitPeriod
{
    /// <summary>Start of the period in which a time lies; the beginning of time for a limit that never begins anew.</summary>
    public static DateTimeOffset StartOf(LimitCycle cycle, DateTimeOffset time)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return cycle switch
        {
            LimitCycle.Daily => day,
            LimitCycle.Weekly => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            LimitCycle.Monthly => day.AddDays(1 - day.Day),
            _ => DateTimeOffset.MinValue,
        };
    }

    /// <summary>Start of the period after that in which a time lies; null for a limit that never begins anew.</summary>
    public static DateTimeOffset? EndOf(LimitCycle cycle, DateTimeOffset time) => cycle switch
    {
        LimitCycle.Daily => StartOf(cycle, time).AddDays(1),
        LimitCycle.Weekly => StartOf(cycle, time).AddDays(7),
        LimitCycle.Monthly => StartOf(cycle, time).AddMonths(1),
        _ => null,
    };
}
