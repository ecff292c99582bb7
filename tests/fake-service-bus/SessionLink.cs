using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>A receiver of one session's messages, or one that waits for a session.</summary>
internal sealed class SessionLink : LinkEndpoint
{
    public static readonly Symbol Filter = new("com.microsoft:session-filter");
    private static readonly Symbol LockedUntil = new("com.microsoft:locked-until-utc");

    private readonly Lock _sending = new();
    private readonly BusQueue _queue;
    private readonly AttachContext _attach;

    // The library's own count of what the receiver takes, from which it reckons its differences; it forgets it where there is none.
    private int _library;
    private int _credit;

    public SessionLink(BusQueue queue, AttachContext attach)
    {
        (_queue, _attach) = (queue, attach);
        attach.Link.Closed += (_, _) => queue.Release(this);
    }

    /// <summary>Its session, once it has one.</summary>
    public string? Session { get; private set; }

    public Connection Connection => _attach.Link.Session.Connection;

    /// <summary>Whether the receiver has gone, which nobody is told of a link that is not open yet.</summary>
    public bool IsGone => _attach.Link.IsClosed || _attach.Link.Session.IsClosed || Connection.IsClosed;

    /// <summary>It has got a session.</summary>
    public void Open(string session)
    {
        Session = session;
        var attach = _attach.Attach;
        ((Source)attach.Source).FilterSet[Filter] = session;
        attach.Properties ??= [];
        attach.Properties[LockedUntil] = _queue.LockedUntil.UtcTicks;
        attach.MaxMessageSize = FakeServiceBus.MaxMessageBytes;
        var isOpen = false;
        try
        {
            _attach.Complete(this, 0);
            isOpen = !IsGone;
        }
        catch (Exception fault) when (fault is AmqpException or InvalidOperationException or IOException)
        {
            // It has gone while it waited.
        }

        if (!isOpen) _queue.Release(this);
    }

    public void Refuse(Error error)
    {
        try
        {
            _attach.Complete(error);
        }
        catch (Exception fault) when (fault is AmqpException or InvalidOperationException or IOException)
        {
            // It has gone already.
        }
    }

    /// <summary>Gives out what there is, as far as the receiver takes it.</summary>
    public void Pump()
    {
        lock (_sending)
        {
            try
            {
                while (_credit > 0 && _queue.Take(this) is { } message)
                {
                    _credit--;
                    _library--;
                    _attach.Link.SendMessage(message);
                }

                if (!_attach.Link.IsDraining) return;
                _attach.Link.CompleteDrain();
                (_credit, _library) = (0, 0);
            }
            catch (Exception fault) when (fault is AmqpException or InvalidOperationException or IOException)
            {
                // It goes; what it was given is given to another.
            }
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (_sending)
        {
            _credit = _library + flowContext.Messages;
            _library = flowContext.Messages <= 0 ? 0 : _credit;
        }

        Pump();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (dispositionContext.Message is not LockedMessage message || dispositionContext.DeliveryState is null) return;
        var refusal = _queue.Settle(this, message.LockToken, dispositionContext.DeliveryState);
        if (!dispositionContext.Settled) _attach.Link.DisposeMessage(message, refusal is null ? new Accepted() : new Rejected { Error = refusal }, true);
        Pump();
    }
}
