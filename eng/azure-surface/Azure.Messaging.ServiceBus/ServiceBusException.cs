namespace Azure.Messaging.ServiceBus;

public class ServiceBusException(string message, ServiceBusFailureReason reason, string? entityPath = default, Exception? innerException = default) : Exception(message, innerException)
{
    public ServiceBusFailureReason Reason { get; } = reason;

    public string? EntityPath { get; } = entityPath;
}
