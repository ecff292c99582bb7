using Azure.Messaging.ServiceBus;
using Lava.Service.Billing;

namespace Lava.Functions.Queues;

/// <summary>Looks at customers whose credits have changed: the handler that the local worker calls too, fed by Service Bus. A session for each customer, so
/// messages come one by one from many sessions at once.</summary>
public sealed class BillCustomersFunction(HandlerRunner runner)
{
    /// <summary>Takes a customer's message.</summary>
    [Function("bill-customers")]
    public Task RunAsync(
        [ServiceBusTrigger(BillingQueue.Name, Connection = AzureHead.ServiceBusConnection, IsSessionsEnabled = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => runner.RunAsync(BillingQueue.Name, [message], actions, cancellationToken);
}
