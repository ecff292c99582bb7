namespace Lava.Core.SpendKeys;

/// <summary>What a spend key has used: in all, and in the periods of its two limits, which begin anew by themselves.</summary>
/// <param name="TotalSpend">US dollars, ever.</param>
/// <param name="TotalRequests">Calls, ever.</param>
/// <param name="Spend">US dollars since <paramref name="SpendSince"/>.</param>
/// <param name="SpendSince">Start of the period that <paramref name="Spend"/> counts.</param>
/// <param name="Requests">Calls since <paramref name="RequestsSince"/>.</param>
/// <param name="RequestsSince">Start of the period that <paramref name="Requests"/> counts.</param>
/// <param name="LastUsedAt">When it was last used; null if never.</param>
public sealed record SpendKeyUsage(
    decimal TotalSpend, long TotalRequests, decimal Spend, DateTimeOffset SpendSince, long Requests, DateTimeOffset RequestsSince, DateTimeOffset? LastUsedAt)
{
    /// <summary>Nothing used.</summary>
    public static readonly SpendKeyUsage None = new(0, 0, 0, default, 0, default, null);

    /// <summary>Spent in the period in which a time lies.</summary>
    public decimal SpendIn(LimitCycle cycle, DateTimeOffset now) => cycle == LimitCycle.Total ? TotalSpend : SpendSince == LimitPeriod.StartOf(cycle, now) ? Spend : 0;

    /// <summary>Calls in the period in which a time lies.</summary>
    public long RequestsIn(LimitCycle cycle, DateTimeOffset now) => cycle == LimitCycle.Total ? TotalRequests : RequestsSince == LimitPeriod.StartOf(cycle, now) ? Requests : 0;

    /// <summary>The usage after more of it.</summary>
    /// <param name="spend">US dollars.</param>
    /// <param name="requests">Calls.</param>
    /// <param name="spendCycle">Cycle of the money limit; monthly where there is none.</param>
    /// <param name="requestCycle">Cycle of the request limit; monthly where there is none.</param>
    /// <param name="now">When.</param>
    public SpendKeyUsage Add(decimal spend, long requests, LimitCycle spendCycle, LimitCycle requestCycle, DateTimeOffset now) => new(
        TotalSpend + spend,
        TotalRequests + requests,
        (spendCycle == LimitCycle.Total ? 0 : SpendIn(spendCycle, now)) + spend,
        LimitPeriod.StartOf(spendCycle, now),
        (requestCycle == LimitCycle.Total ? 0 : RequestsIn(requestCycle, now)) + requests,
        LimitPeriod.StartOf(requestCycle, now),
        LastUsedAt is null || now > LastUsedAt ? now : LastUsedAt);
}
