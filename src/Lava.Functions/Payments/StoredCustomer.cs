namespace Lava.Functions.Payments;

/// <summary>An owner of cards as Stripe knows it.</summary>
/// <param name="Attempt">Names the request that makes it, for Stripe to make it once.</param>
/// <param name="Id">Stripe's id (<c>cus_…</c>); null until it is known.</param>
public sealed record StoredCustomer(string Attempt, string? Id);
