namespace Lava.Core.SpendKeys;

/// <summary>What a spend key has used: in all, and in the current day, week and month, which begin anew by themselves. Every cycle is counted whatever the
/// limits are, so that editing a limit resets nothing (rest-api.md §14). The order in which usage is added makes no difference.</summary>
public sealed record SpendKeyUsage
{
    /// <summary>Nothing used.</summary>
    public static readonly SpendKeyUsage None = new();

    /// <summary>US dollars, ever.</summary>
    public decimal TotalSpend { get; init; }

    /// <summary>Calls, ever.</summary>
    public long TotalRequests { get; init; }

    /// <summary>The newest day with usage.</summary>
    public PeriodUsage Day { get => field ?? PeriodUsage.None; init; }

    /// <summary>The newest week with usage.</summary>
    public PeriodUsage Week { get => field ?? PeriodUsage.None; init; }

    /// <summary>The newest month with usage.</summary>
    public PeriodUsage Month { get => field ?? PeriodUsage.None; init; }

    /// <summary>When it was last used; null if never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>US dollars spent in the period in which a time lies.</summary>
    public decimal SpendIn(LimitCycle cycle, DateTimeOffset now) =>
        cycle == LimitCycle.Total ? TotalSpend : Period(cycle).At(LimitPeriod.StartOf(cycle, now)).Spend;

    /// <summary>Calls in the period in which a time lies.</summary>
    public long RequestsIn(LimitCycle cycle, DateTimeOffset now) =>
        cycle == LimitCycle.Total ? TotalRequests : Period(cycle).At(LimitPeriod.StartOf(cycle, now)).Requests;

    /// <summary>Whether a period of a cycle is over by what was counted since: how much of it was used is not known any more.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="start">Start of the period.</param>
    public bool IsOver(LimitCycle cycle, DateTimeOffset start) => cycle != LimitCycle.Total && Period(cycle).Since > start;

    /// <summary>The usage after more of it.</summary>
    /// <param name="spend">US dollars.</param>
    /// <param name="requests">Calls.</param>
    /// <param name="at">When it was used.</param>
    public SpendKeyUsage Add(decimal spend, long requests, DateTimeOffset at) => new()
    {
        TotalSpend = TotalSpend + spend,
        TotalRequests = TotalRequests + requests,
        Day = Day.Add(LimitPeriod.StartOf(LimitCycle.Daily, at), spend, requests),
        Week = Week.Add(LimitPeriod.StartOf(LimitCycle.Weekly, at), spend, requests),
        Month = Month.Add(LimitPeriod.StartOf(LimitCycle.Monthly, at), spend, requests),
        LastUsedAt = LastUsedAt is null || at > LastUsedAt ? at : LastUsedAt,
    };

    private PeriodUsage Period(LimitCycle cycle) => cycle switch
    {
        LimitCycle.Daily => Day,
        LimitCycle.Weekly => Week,
        _ => Month,
    };
}
