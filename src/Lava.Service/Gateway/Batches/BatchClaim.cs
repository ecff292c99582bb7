namespace Lava.Service.Gateway.Batches;

/// <summary>The claim on the results of a batch: who pays for them, made before anything is charged, so that they are charged once.</summary>
/// <param name="At">When they were first fetched. The ids of the requests are made from it.</param>
/// <param name="CustomerId">The customer; null for the merchant alone.</param>
/// <param name="MeterId">The meter; null without one.</param>
/// <param name="IsDone">Whether the usage records of all answers are durable.</param>
internal sealed record BatchClaim(DateTimeOffset At, string? CustomerId, string? MeterId, bool IsDone);
