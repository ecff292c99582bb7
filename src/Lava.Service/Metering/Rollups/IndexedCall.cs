namespace Lava.Service.Metering.Rollups;

/// <summary>A row of the request index: enough to filter and to sum without reading the request.</summary>
/// <param name="At">When the request was made.</param>
/// <param name="CustomerId">Its customer.</param>
/// <param name="MeterId">Its meter.</param>
/// <param name="Pairs">Hashes of its metadata pairs.</param>
/// <param name="Sum">Its figures; zero for an error.</param>
/// <param name="IsCached">Whether the gateway's cache answered it.</param>
internal sealed record IndexedCall(DateTimeOffset At, string? CustomerId, string? MeterId, IReadOnlyList<string> Pairs, UsageSum Sum, bool IsCached = false);
