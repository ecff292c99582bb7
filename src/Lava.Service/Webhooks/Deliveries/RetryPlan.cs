namespace Lava.Service.Webhooks.Deliveries;

/// <summary>When a delivery that failed is tried again: ever later, over three days.</summary>
internal static class RetryPlan
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(12),
        TimeSpan.FromHours(12), TimeSpan.FromHours(12), TimeSpan.FromHours(12), TimeSpan.FromHours(6),
    ];

    /// <summary>Most attempts.</summary>
    public static int MaxAttempts => Waits.Length + 1;

    /// <summary>How old an event may become while attempts at it are put off for want of room.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(4);

    /// <summary>How long to put an attempt off for which there is no room: twice as long each time, at most 15 seconds, or two minutes where the endpoint is
    /// silent.</summary>
    /// <param name="waits">How often it was put off before, from 0.</param>
    /// <param name="isSilent">Whether the endpoint has not answered lately.</param>
    /// <param name="jitter">0 to 1, for a wait of a half to all of that.</param>
    public static TimeSpan PutOff(int waits, bool isSilent, double jitter) =>
        TimeSpan.FromSeconds(Math.Min(isSilent ? 120 : 15, Math.Pow(2, Math.Min(waits, 10))) * (0.5 + (0.5 * jitter)));

    /// <summary>How long to wait after an attempt; null after the last.</summary>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="jitter">0 to 1: deliveries that failed together do not come back together.</param>
    public static TimeSpan? After(int attempt, double jitter) => attempt > Waits.Length ? null : Waits[attempt - 1] * (0.95 + (0.1 * jitter));
}
