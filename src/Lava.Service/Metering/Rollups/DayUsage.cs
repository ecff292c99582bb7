namespace Lava.Service.Metering.Rollups;

/// <summary>Usage of one UTC day in quarters of an hour, so that days of any time zone can be put together from it.</summary>
/// <param name="Quarters">By quarter of the day, 0 to 95; quarters without requests are absent.</param>
/// <param name="Grouped">The part of the day that the roll-ups by group have too, which are younger than these.</param>
internal sealed record DayUsage(IReadOnlyDictionary<int, UsageSum> Quarters, UsageSum Grouped = default);
