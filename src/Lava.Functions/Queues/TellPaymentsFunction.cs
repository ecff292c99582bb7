using Azure.Messaging.ServiceBus;
using Lava.Service.Payments;

namespace Lava.Functions.Queues;

/// <summary>Tells of payments that have ended: the handler that the local worker calls too, fed by Service Bus. A session for each payment, so messages come
/// one by one from many sessions at once.</summary>
public sealed class TellPaymentsFunction(HandlerRunner runner)
{
    /// <summary>Takes a message of a payment.</summary>
    [Function("tell-payments")]
    public Task RunAsync(
        [ServiceBusTrigger(PaymentEvents.QueueName, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(PaymentEvents.QueueName, [message], actions, cancellationToken);
}
