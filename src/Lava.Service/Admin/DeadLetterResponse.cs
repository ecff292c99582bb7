namespace Lava.Service.Admin;

/// <summary>A message that a queue has given up. Its body is not shown: it may hold what a merchant's customers wrote.</summary>
/// <param name="Id">The message's id, unique in its queue.</param>
/// <param name="Queue">The queue.</param>
/// <param name="Session">What orders it: for usage records the merchant and mode.</param>
/// <param name="Attempts">How often it was delivered without success.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="Bytes">How long its body is.</param>
public sealed record DeadLetterResponse(string Id, string Queue, string Session, int Attempts, string? Reason, int Bytes);
