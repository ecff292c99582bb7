namespace Lava.Service.Ports.Queues;

/// <summary>A message as it was received.</summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Session">Its session.</param>
/// <param name="Body">Its body.</param>
/// <param name="Attempt">1 for the first delivery.</param>
/// <param name="Receipt">The adapter's own handle.</param>
/// <param name="Reason">Why it was given up; null unless it is a dead letter.</param>
/// <param name="Waits">How often it was given back before, counted as an attempt or not.</param>
public sealed record ReceivedMessage(string Id, string Session, ReadOnlyMemory<byte> Body, int Attempt, string Receipt, string? Reason = null, int Waits = 0);
