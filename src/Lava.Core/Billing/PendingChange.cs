namespace Lava.Core.Billing;

/// <summary>What the end of a cycle will bring in place of a renewal.</summary>
/// <param name="PlanId">The cheaper plan that follows; null where the subscription ends.</param>
public sealed record PendingChange(string? PlanId)
{
    /// <summary>Whether the subscription ends.</summary>
    public bool IsCancellation => PlanId is null;
}
