namespace Lava.Service.Queues;

/// <summary>Who holds a partition of a queue.</summary>
/// <param name="Owner">The receiver.</param>
/// <param name="Until">When the hold runs out.</param>
internal sealed record BucketLease(string Owner, DateTimeOffset Until);
