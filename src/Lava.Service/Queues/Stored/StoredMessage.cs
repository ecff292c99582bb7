namespace Lava.Service.Queues.Stored;

/// <summary>A message's place in the order, without its body, which has a row of its own: looking for work reads many of these.</summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Session">Its session.</param>
/// <param name="Attempts">Deliveries that failed.</param>
/// <param name="NotBefore">It and its session wait until then; null: they do not.</param>
/// <param name="Reason">Why it was given up; null unless it is a dead letter.</param>
/// <param name="Wait">How long it was to wait when <paramref name="NotBefore"/> was set.</param>
/// <param name="Waits">How often it was given back to wait, after an attempt or not.</param>
internal sealed record StoredMessage(
    string Id,
    string Session,
    int Attempts = 0,
    DateTimeOffset? NotBefore = null,
    string? Reason = null,
    TimeSpan? Wait = null,
    int Waits = 0)
{
    /// <summary>Whether it waits. Where more is left than it was to wait at all, the clock was set back, and it does not.</summary>
    public bool IsWaiting(DateTimeOffset now) => NotBefore > now && !(NotBefore - now > Wait);
}
