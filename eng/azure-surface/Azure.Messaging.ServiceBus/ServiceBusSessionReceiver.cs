namespace Azure.Messaging.ServiceBus;

public class ServiceBusSessionReceiver : ServiceBusReceiver
{
    protected ServiceBusSessionReceiver() { }

    public virtual string SessionId => throw ServiceBusClient.NoBroker();
}
