namespace Azure.Messaging.ServiceBus;

public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly IList<ServiceBusMessage> _messages;
    private readonly Func<ServiceBusMessage, bool> _mayAdd;

    internal ServiceBusMessageBatch(IList<ServiceBusMessage> messages, Func<ServiceBusMessage, bool>? mayAdd)
    {
        _messages = messages;
        _mayAdd = mayAdd ?? (_ => true);
    }

    public int Count => _messages.Count;

    public bool TryAddMessage(ServiceBusMessage message)
    {
        if (!_mayAdd(message)) return false;
        _messages.Add(message);
        return true;
    }

    public void Dispose() { }
}
