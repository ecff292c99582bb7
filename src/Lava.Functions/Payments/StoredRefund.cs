namespace Lava.Functions.Payments;

/// <summary>A refund, kept before Stripe hears of it.</summary>
/// <param name="Name">Names it at Stripe.</param>
/// <param name="Cents">How much is given back.</param>
/// <param name="Attempt">Counts the faults that Stripe keeps for an idempotency key.</param>
/// <param name="IsDone">Whether it is given back, or nothing was left.</param>
public sealed record StoredRefund(string Name, long Cents, int Attempt, bool IsDone);
