using Azure.Messaging.ServiceBus;
using Lava.Service.Payments;

namespace Lava.Functions.Queues;

/// <summary>Tells of payments that have ended: the handler that the local worker calls too, fed by Service Bus.</summary>
public sealed class TellPaymentsFunction(HandlerRunner runner)
{
    /// <summary>Takes a payment's messages.</summary>
    [Function("tell-payments")]
    public Task RunAsync(
        [ServiceBusTrigger(PaymentEvents.QueueName, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(PaymentEvents.QueueName, messages, actions, cancellationToken);
}
