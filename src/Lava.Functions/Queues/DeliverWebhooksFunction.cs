using Azure.Messaging.ServiceBus;
using Lava.Service.Webhooks;

namespace Lava.Functions.Queues;

/// <summary>Makes attempts at deliveries of webhooks: the handler that the local worker calls too, fed by Service Bus.</summary>
public sealed class DeliverWebhooksFunction(HandlerRunner runner)
{
    /// <summary>Takes a delivery's messages.</summary>
    [Function("deliver-webhooks")]
    public Task RunAsync(
        [ServiceBusTrigger(WebhookQueue.Name, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(WebhookQueue.Name, messages, actions, cancellationToken);
}
