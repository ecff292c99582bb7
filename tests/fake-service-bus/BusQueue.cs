using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>A queue: sessions, each held by one receiver at a time, locks, deliveries that are counted, duplicates, messages whose time has not come, dead
/// letters.
/// <para>Its lock is never held while a link is told something, for links have locks of their own and tell the queue of their end under them.</para></summary>
internal sealed class BusQueue(string name, TimeProvider time)
{
    /// <summary>Deliveries after which a message is a dead letter.</summary>
    public const int MaxDeliveries = 10;

    private static readonly Symbol Reason = new("DeadLetterReason");
    private static readonly Symbol Description = new("DeadLetterErrorDescription");
    private static readonly TimeSpan DuplicatesAreKnownFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, BusMessage> _messages = [];
    private readonly Dictionary<string, SessionLink> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly List<SessionLink> _waiting = [];
    private readonly List<BusMessage> _dead = [];
    private long _sequence;
    private int _taken;
    private int _duplicates;
    private int _completed;
    private int _redelivered;
    private int _transfers;
    private int _refused;

    public string Name => name;

    public DateTimeOffset LockedUntil => time.GetUtcNow() + LockDuration;

    public BusCount Count()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var scheduled = _messages.Values.Count(message => message.EnqueuedAt > now);
            return new BusCount(_messages.Count - scheduled, scheduled, _dead.Count, _taken, _duplicates, _completed, _redelivered, _transfers, _refused);
        }
    }

    public void CountTransfer(bool isRefused)
    {
        lock (_gate)
        {
            _transfers++;
            if (isRefused) _refused++;
        }
    }

    /// <summary>Takes a message in; one whose id was seen within the window is dropped, and its sender does not learn of it.</summary>
    /// <returns>Its number; 0 for a duplicate.</returns>
    public long Enqueue(string id, string session, byte[] encoded, DateTimeOffset? due)
    {
        BusMessage message;
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_seen.TryGetValue(id, out var seen) && now - seen < DuplicatesAreKnownFor)
            {
                _duplicates++;
                return 0;
            }

            _seen[id] = now;
            _taken++;
            message = new BusMessage(++_sequence, id, session, encoded, due > now ? due.Value : now);
            _messages.Add(message.Sequence, message);
        }

        if (message.EnqueuedAt > now) _ = OfferLaterAsync(session, message.EnqueuedAt - now);
        else Offer(session);
        return message.Sequence;
    }

    /// <summary>A receiver asks for a session, or for any that has messages; it gets one when there is one.</summary>
    public void Accept(SessionLink link, string? session)
    {
        ReleaseWhere(holder => holder.IsGone);
        lock (_gate)
        {
            if (session is null)
            {
                session = Free();
                if (session is null)
                {
                    _waiting.Add(link);
                    return;
                }
            }
            else if (_holders.ContainsKey(session))
            {
                session = null;
            }

            if (session is not null) _holders[session] = link;
        }

        if (session is null) link.Refuse(BusErrors.SessionIsLocked());
        else link.Open(session);
    }

    /// <summary>A receiver that waits for a session has waited long enough.</summary>
    /// <returns>Whether it still waited.</returns>
    public bool StopWaiting(SessionLink link)
    {
        lock (_gate) return _waiting.Remove(link);
    }

    /// <summary>The next message of a session for its holder, under a lock; null where there is none.</summary>
    public LockedMessage? Take(SessionLink link)
    {
        lock (_gate)
        {
            if (link.Session is not { } session || !Holds(link)) return null;
            if (Next(session) is not { } message) return null;
            message.LockToken = Guid.NewGuid();
            if (++message.Deliveries > 1) _redelivered++;
            return new LockedMessage(message.Read(LockedUntil), message.LockToken.Value);
        }
    }

    /// <summary>A receiver settles a message.</summary>
    /// <returns>Why that is refused; null where it is done.</returns>
    public Error? Settle(SessionLink link, Guid lockToken, DeliveryState outcome)
    {
        lock (_gate)
        {
            if (!Holds(link) || _messages.Values.FirstOrDefault(message => message.LockToken == lockToken) is not { } message) return BusErrors.LockLost();
            message.LockToken = null;
            switch (outcome)
            {
                case Accepted:
                    _messages.Remove(message.Sequence);
                    _completed++;
                    break;
                case Rejected rejected:
                    Bury(message, rejected.Error?.Info?[Reason] as string ?? "", rejected.Error?.Info?[Description] as string);
                    break;
                default:
                    if (outcome is Modified { MessageAnnotations: { } changes })
                    {
                        foreach (var name in changes.Keys) message.Changed[name.ToString()!] = changes[name];
                    }

                    GiveUpIfTriedEnough(message);
                    break;
            }
        }

        return null;
    }

    /// <summary>A receiver is gone: its session is free, and what it had not settled is given out again.</summary>
    public void Release(SessionLink link)
    {
        lock (_gate)
        {
            _waiting.Remove(link);
            if (link.Session is not { } session || !Holds(link)) return;
            _holders.Remove(session);
            foreach (var message in _messages.Values.Where(message => message.Session == session && message.LockToken is not null).ToList())
            {
                message.LockToken = null;
                GiveUpIfTriedEnough(message);
            }
        }

        // Not under the locks of the link that tells of its end.
        ThreadPool.QueueUserWorkItem(_ => Offer(link.Session!));
    }

    /// <summary>A connection is gone, and every receiver with it.</summary>
    public void Release(Connection connection) => ReleaseWhere(link => link.Connection == connection);

    public IReadOnlyList<BusMessage> Peek(bool deadLetters, long from, int most)
    {
        lock (_gate) return [.. (deadLetters ? _dead : (IEnumerable<BusMessage>)_messages.Values).Where(message => message.Sequence >= from).Take(most)];
    }

    private async Task OfferLaterAsync(string session, TimeSpan wait)
    {
        await Task.Delay(wait, time);
        Offer(session);
    }

    // Something of a session can be given out: to its holder, or to the receiver that has waited longest.
    private void Offer(string session)
    {
        ReleaseWhere(link => link.IsGone);
        SessionLink? holder;
        var isNew = false;
        lock (_gate)
        {
            if (Next(session) is null) return;
            if (!_holders.TryGetValue(session, out holder))
            {
                if (_waiting.Count == 0) return;
                holder = _waiting[0];
                _waiting.RemoveAt(0);
                _holders[session] = holder;
                isNew = true;
            }
        }

        if (isNew) holder.Open(session);
        else holder.Pump();
    }

    private void ReleaseWhere(Func<SessionLink, bool> isGone)
    {
        SessionLink[] gone;
        lock (_gate) gone = [.. _waiting.Concat(_holders.Values).Where(isGone)];
        foreach (var link in gone) Release(link);
    }

    private bool Holds(SessionLink link) => link.Session is { } session && _holders.GetValueOrDefault(session) == link;

    private string? Free()
    {
        var now = time.GetUtcNow();
        return _messages.Values.FirstOrDefault(message => message.EnqueuedAt <= now && !_holders.ContainsKey(message.Session))?.Session;
    }

    private BusMessage? Next(string session)
    {
        var now = time.GetUtcNow();
        return _messages.Values.FirstOrDefault(message => message.Session == session && message.LockToken is null && message.EnqueuedAt <= now);
    }

    private void GiveUpIfTriedEnough(BusMessage message)
    {
        if (message.Deliveries >= MaxDeliveries) Bury(message, "MaxDeliveryCountExceeded", $"The message was delivered {message.Deliveries} times.");
    }

    private void Bury(BusMessage message, string reason, string? description)
    {
        _messages.Remove(message.Sequence);
        message.Death = (reason, description);
        _dead.Add(message);
    }
}
