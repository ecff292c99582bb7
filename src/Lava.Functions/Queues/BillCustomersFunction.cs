using Azure.Messaging.ServiceBus;
using Lava.Service.Billing;

namespace Lava.Functions.Queues;

/// <summary>Looks at customers whose credits have changed: the handler that the local worker calls too, fed by Service Bus.</summary>
public sealed class BillCustomersFunction(HandlerRunner runner)
{
    /// <summary>Takes a batch of one customer's session.</summary>
    [Function("bill-customers")]
    public Task RunAsync(
        [ServiceBusTrigger(BillingQueue.Name, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(BillingQueue.Name, messages, actions, cancellationToken);
}
