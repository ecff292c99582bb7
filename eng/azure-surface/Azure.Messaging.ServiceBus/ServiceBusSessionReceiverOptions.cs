namespace Azure.Messaging.ServiceBus;

public class ServiceBusSessionReceiverOptions;
