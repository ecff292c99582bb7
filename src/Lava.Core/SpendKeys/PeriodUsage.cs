namespace Lava.Core.SpendKeys;

/// <summary>What was used in one period: a day, a week or a month.</summary>
/// <param name="Since">Start of the period, UTC.</param>
/// <param name="Spend">US dollars.</param>
/// <param name="Requests">Calls.</param>
public sealed record PeriodUsage(DateTimeOffset Since, decimal Spend, long Requests)
{
    /// <summary>Nothing used, in no period yet.</summary>
    public static readonly PeriodUsage None = new(default, 0, 0);

    /// <summary>This period's usage at a time: nothing once a newer period has begun.</summary>
    /// <param name="start">Start of the period in which that time lies.</param>
    public PeriodUsage At(DateTimeOffset start) => Since >= start ? this : new PeriodUsage(start, 0, 0);

    /// <summary>The usage after more of it. What comes late, for a period that is over, leaves the newer period's counts alone.</summary>
    /// <param name="start">Start of the period in which it was used.</param>
    /// <param name="spend">US dollars.</param>
    /// <param name="requests">Calls.</param>
    public PeriodUsage Add(DateTimeOffset start, decimal spend, long requests)
    {
        if (start < Since) return this;
        var before = At(start);
        return before with { Spend = before.Spend + spend, Requests = before.Requests + requests };
    }
}
