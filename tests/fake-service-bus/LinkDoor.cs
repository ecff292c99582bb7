using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace Lava.ServiceBusFake;

/// <summary>Lets senders and receivers of sessions in.</summary>
internal sealed class LinkDoor(FakeServiceBus bus) : ILinkProcessor
{
    private static readonly Symbol Timeout = new("com.microsoft:timeout");

    /// <summary>How long a receiver that does not say it waits for a session; less than the clients of the tests do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    public void Process(AttachContext attachContext)
    {
        var attach = attachContext.Attach;
        var address = ((attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address) ?? "").Trim('/');
        if (bus.Find(address) is not { } queue)
        {
            attachContext.Complete(BusErrors.NotFound(address));
        }
        else if (!attach.Role)
        {
            attach.MaxMessageSize = FakeServiceBus.MaxMessageBytes;
            attachContext.Complete(new SenderLink(bus, queue), 100);
        }
        else if ((attach.Source as Source)?.FilterSet is not { } filters || !filters.ContainsKey(SessionLink.Filter))
        {
            attachContext.Complete(BusErrors.NotAllowed("The queue has sessions: receive from one."));
        }
        else
        {
            var link = new SessionLink(queue, attachContext);
            queue.Accept(link, filters[SessionLink.Filter] as string);
            var patience = attach.Properties?[Timeout] is uint milliseconds ? TimeSpan.FromMilliseconds(milliseconds * 0.9) : Patience;
            if (link.Session is null) _ = RefuseLaterAsync(queue, link, patience);
        }
    }

    private static async Task RefuseLaterAsync(BusQueue queue, SessionLink link, TimeSpan wait)
    {
        await Task.Delay(wait);
        if (queue.StopWaiting(link)) link.Refuse(BusErrors.Timeout());
    }
}
