namespace Lava.Service.TestHelpers;

/// <summary>A customer of a test clock, with the time when something is next due: the end of a cycle, another attempt at a payment.</summary>
internal sealed record UpcomingResponse(string CustomerId, DateTimeOffset DueAt);
