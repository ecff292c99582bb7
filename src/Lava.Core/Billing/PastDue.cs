namespace Lava.Core.Billing;

/// <summary>A renewal that could not be paid (behaviour.md §6.3, 7).</summary>
/// <param name="Since">When the first attempt failed.</param>
/// <param name="Attempts">Attempts that failed.</param>
/// <param name="RetryAt">When it is tried again.</param>
public sealed record PastDue(DateTimeOffset Since, int Attempts, DateTimeOffset RetryAt);
