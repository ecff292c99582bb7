namespace Lava.Service.Hosting.SystemState;

/// <summary>The last run of a job that a timer starts.</summary>
/// <param name="Name">The job.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PeriodSeconds">Time from one run's beginning to the next one's.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
public sealed record JobRun(string Name, DateTimeOffset StartedAt, double Seconds, double PeriodSeconds, string? Error)
{
    /// <summary>When the next run is due.</summary>
    public DateTimeOffset NextAt => StartedAt.AddSeconds(PeriodSeconds);
}
