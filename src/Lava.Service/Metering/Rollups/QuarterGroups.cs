namespace Lava.Service.Metering.Rollups;

/// <summary>Usage of a quarter of an hour by group.</summary>
/// <param name="Groups">By <see cref="UsageGroups"/>' keys.</param>
internal sealed record QuarterGroups(IReadOnlyDictionary<string, GroupSum> Groups);
