namespace Lava.Service.Billing.Subscriptions;

/// <summary>What is owed for a renewal that has failed (our own addition).</summary>
/// <param name="AmountDue">US dollars, as the card is charged.</param>
/// <param name="Since">When the first attempt failed.</param>
/// <param name="Attempts">Attempts that came by themselves and failed.</param>
/// <param name="NextAttemptAt">When the next one comes by itself.</param>
internal sealed record PastDueResponse(string AmountDue, DateTimeOffset Since, int Attempts, DateTimeOffset NextAttemptAt);
