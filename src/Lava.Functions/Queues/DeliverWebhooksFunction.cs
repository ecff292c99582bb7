using Azure.Messaging.ServiceBus;
using Lava.Service.Webhooks;

namespace Lava.Functions.Queues;

/// <summary>Makes attempts at deliveries of webhooks: the handler that the local worker calls too, fed by Service Bus. A session for each delivery, so messages
/// come one by one from many sessions at once.</summary>
public sealed class DeliverWebhooksFunction(HandlerRunner runner)
{
    /// <summary>Takes a message of a delivery.</summary>
    [Function("deliver-webhooks")]
    public Task RunAsync(
        [ServiceBusTrigger(WebhookQueue.Name, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(WebhookQueue.Name, [message], actions, cancellationToken);
}
