namespace Lava.Service.Customers;

/// <summary>A change that waits for the end of the cycle.</summary>
/// <param name="Type"><c>cancellation</c> or <c>downgrade</c>.</param>
/// <param name="EffectiveAt">When it takes effect.</param>
public sealed record SubscriptionChange(string Type, DateTimeOffset? EffectiveAt);
