namespace Lava.Service.Hosting.SystemState;

/// <summary>How large the store was on a day.</summary>
/// <param name="Day">The day, by UTC: <c>2026-01-31</c>.</param>
/// <param name="Bytes">Bytes that it took when it was last looked at on that day.</param>
public sealed record StoreSize(string Day, long Bytes);
