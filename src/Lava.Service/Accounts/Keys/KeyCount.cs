namespace Lava.Service.Accounts.Keys;

/// <summary>How many active keys a tenant has; changed with each of them, so that neither the limit nor the last key is lost to a race.</summary>
/// <param name="Active">Active keys.</param>
internal sealed record KeyCount(int Active);
