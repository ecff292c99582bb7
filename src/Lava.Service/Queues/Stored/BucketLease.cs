namespace Lava.Service.Queues.Stored;

/// <summary>Who holds a partition of a queue.</summary>
/// <param name="Owner">The instance.</param>
/// <param name="Until">When the hold runs out; the default where it was given back. One that ran out without being given back died with a batch in
/// hand.</param>
internal sealed record BucketLease(string Owner, DateTimeOffset Until);
